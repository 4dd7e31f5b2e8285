return "near"
