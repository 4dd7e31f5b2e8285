/* Source text to tokens. */
#ifndef BERRY_LEXER_H
#define BERRY_LEXER_H

#include "vm.h"

/* clang-format off */
/* Every token with its text in messages: first the keywords, then operators, then the rest. */
#define KEYWORDS(X) \
    X(IF, "if") X(ELIF, "elif") X(ELSE, "else") X(WHILE, "while") X(FOR, "for") X(DEF, "def") \
    X(END, "end") X(CLASS, "class") X(BREAK, "break") X(CONTINUE, "continue") \
    X(RETURN, "return") X(TRUE, "true") X(FALSE, "false") X(NIL, "nil") X(VAR, "var") \
    X(DO, "do") X(IMPORT, "import") X(AS, "as") X(TRY, "try") X(EXCEPT, "except") \
    X(RAISE, "raise") X(STATIC, "static")

/* In the order in which the longest match is found first. */
#define OPERATORS(X) \
    X(SHL_ASSIGN, "<<=") X(SHR_ASSIGN, ">>=") X(LE, "<=") X(EQ, "==") X(NE, "!=") X(GE, ">=") \
    X(SHL, "<<") X(SHR, ">>") X(RANGE, "..") X(AND_AND, "&&") X(OR_OR, "||") X(ARROW, "->") \
    X(WALRUS, ":=") X(ADD_ASSIGN, "+=") X(SUB_ASSIGN, "-=") X(MUL_ASSIGN, "*=") \
    X(DIV_ASSIGN, "/=") X(MOD_ASSIGN, "%=") X(AND_ASSIGN, "&=") X(OR_ASSIGN, "|=") \
    X(XOR_ASSIGN, "^=") X(ADD, "+") X(SUB, "-") X(MUL, "*") X(DIV, "/") X(MOD, "%") X(LT, "<") \
    X(GT, ">") X(AND, "&") X(OR, "|") X(XOR, "^") X(NOT, "!") X(FLIP, "~") X(LPAREN, "(") \
    X(RPAREN, ")") X(LBRACKET, "[") X(RBRACKET, "]") X(LBRACE, "{") X(RBRACE, "}") X(COMMA, ",") \
    X(DOT, ".") X(SEMICOLON, ";") X(COLON, ":") X(QUESTION, "?") X(ASSIGN, "=")

#define OTHER_TOKENS(X) \
    X(EOS, "EOS") X(ID, "ID") X(INT, "INT") X(REAL, "REAL") X(STRING, "STRING") \
    X(FSTRING, "FSTRING")
/* clang-format on */

enum token_kind {
#define X(name, text) TK_##name,
    KEYWORDS(X) OPERATORS(X) OTHER_TOKENS(X)
#undef X
        TK_COUNT
};

struct token {
    enum token_kind kind;
    bool spaced;        /* white space or a comment stood before it */
    uint32_t line;      /* where it ends */
    struct value value; /* of names, numbers and strings */
};

struct compiler;

struct lexer {
    const char *at, *end;
    uint32_t line;
    bool spaced; /* behind a string literal white space has been read already */
};

const char *br_token_text(enum token_kind kind);
/* Reads the next token; after an error it is EOS and the compiler has failed. */
struct token br_next_token(struct compiler *c);

#endif
