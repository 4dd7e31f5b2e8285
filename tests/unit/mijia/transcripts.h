/* transcripts.h: made by transcripts.py, with python3-cryptography; change it there. Dialogues
 * between an app and a device, both computed apart from src/mijia and ports/crypto. */
#ifndef MI32_TEST_MIJIA_TRANSCRIPTS_H
#define MI32_TEST_MIJIA_TRANSCRIPTS_H

#include <stddef.h>
#include <stdint.h>

enum line_kind { LINE_END, LINE_SUBSCRIBE, LINE_WRITE, LINE_NOTIFY, LINE_READ };

/* What happens at a characteristic; bytes as hex digits. LINE_READ is a read and its value. */
struct line {
    enum line_kind kind;
    uint16_t at;
    const char *bytes;
};

#define APP_SECRET    "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"
#define CHANCE        "00191a3d3eff"
#define RANDOM        "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
#define REMOTE_CHANCE "e1e2e3e4e5e6e7e8e9eaebec"

#define TOKEN          "5d4d7af0013f703778beb5f9"
#define BIND_KEY       "7c6d8d1a10999180035e7a92d48ad4dc"
#define BEACON_KEY     "b853075158487ca39a5b5ea9"
#define REMOTE_MAC     "f82441c5988b"
#define REMOTE_PRODUCT 0x03b6

/* A device that was never activated. */
static const struct line register_new[] = {
    { LINE_SUBSCRIBE, 0x0010, "" },
    { LINE_SUBSCRIBE, 0x0019, "" },
    { LINE_WRITE, 0x0010, "a2000000" },
    { LINE_NOTIFY, 0x0019, "000000000100" },
    { LINE_WRITE, 0x0019, "00000101" },
    { LINE_NOTIFY, 0x0019, "010001000000" },
    { LINE_WRITE, 0x0019, "00000100" },
    { LINE_WRITE, 0x0010, "15000000" },
    { LINE_WRITE, 0x0019, "000000030400" },
    { LINE_NOTIFY, 0x0019, "00000101" },
    { LINE_WRITE, 0x0019, "010060fed4ba255a9d31c961eb74c6356d68c049" },
    { LINE_WRITE, 0x0019, "0200b8923b61fa6ce669622e60f29fb67903fe10" },
    { LINE_WRITE, 0x0019, "030008b8bc99a41ae9e95628bc64f2f1b20c2d7e" },
    { LINE_WRITE, 0x0019, "04009f5177a3c294d4462299" },
    { LINE_NOTIFY, 0x0019, "00000100" },
    { LINE_NOTIFY, 0x0019, "000000030400" },
    { LINE_WRITE, 0x0019, "00000101" },
    { LINE_NOTIFY, 0x0019, "0100e266ddfdc12668db30d4ca3e8f7749432c41" },
    { LINE_NOTIFY, 0x0019, "02006044f2d2b8c10bf3d4012aeffa8abfa86404" },
    { LINE_NOTIFY, 0x0019, "0300a2e9ffe67d47c587ef7a97a7f456b863b4d0" },
    { LINE_NOTIFY, 0x0019, "04002cfc6928973ab5b1cb39" },
    { LINE_WRITE, 0x0019, "00000100" },
    { LINE_WRITE, 0x0019, "000000000200" },
    { LINE_NOTIFY, 0x0019, "00000101" },
    { LINE_WRITE, 0x0019, "010007a91947a3759d8a838c3f64e46ab1436c4f" },
    { LINE_WRITE, 0x0019, "0200382eb0b1a732" },
    { LINE_NOTIFY, 0x0019, "00000100" },
    { LINE_WRITE, 0x0010, "13000000" },
    { LINE_NOTIFY, 0x0010, "11000000" },
    { LINE_END, 0, "" },
};

/* One that was, and keeps its id. */
static const struct line register_again[] = {
    { LINE_SUBSCRIBE, 0x0010, "" },
    { LINE_SUBSCRIBE, 0x0019, "" },
    { LINE_WRITE, 0x0010, "a2000000" },
    { LINE_NOTIFY, 0x0019, "000000000200" },
    { LINE_WRITE, 0x0019, "00000101" },
    { LINE_NOTIFY, 0x0019, "01000100000000626c742e332e31613262336334" },
    { LINE_NOTIFY, 0x0019, "0200643565363030" },
    { LINE_WRITE, 0x0019, "00000100" },
    { LINE_WRITE, 0x0010, "15000000" },
    { LINE_WRITE, 0x0019, "000000030400" },
    { LINE_NOTIFY, 0x0019, "00000101" },
    { LINE_WRITE, 0x0019, "010060fed4ba255a9d31c961eb74c6356d68c049" },
    { LINE_WRITE, 0x0019, "0200b8923b61fa6ce669622e60f29fb67903fe10" },
    { LINE_WRITE, 0x0019, "030008b8bc99a41ae9e95628bc64f2f1b20c2d7e" },
    { LINE_WRITE, 0x0019, "04009f5177a3c294d4462299" },
    { LINE_NOTIFY, 0x0019, "00000100" },
    { LINE_NOTIFY, 0x0019, "000000030400" },
    { LINE_WRITE, 0x0019, "00000101" },
    { LINE_NOTIFY, 0x0019, "0100e266ddfdc12668db30d4ca3e8f7749432c41" },
    { LINE_NOTIFY, 0x0019, "02006044f2d2b8c10bf3d4012aeffa8abfa86404" },
    { LINE_NOTIFY, 0x0019, "0300a2e9ffe67d47c587ef7a97a7f456b863b4d0" },
    { LINE_NOTIFY, 0x0019, "04002cfc6928973ab5b1cb39" },
    { LINE_WRITE, 0x0019, "00000100" },
    { LINE_WRITE, 0x0019, "000000000200" },
    { LINE_NOTIFY, 0x0019, "00000101" },
    { LINE_WRITE, 0x0019, "010007a91947a3759d8ad0872b16dd3fec374138" },
    { LINE_WRITE, 0x0019, "02005c5d7acfa535" },
    { LINE_NOTIFY, 0x0019, "00000100" },
    { LINE_WRITE, 0x0010, "13000000" },
    { LINE_NOTIFY, 0x0010, "11000000" },
    { LINE_END, 0, "" },
};

/* The first one, with its token. */
static const struct line login[] = {
    { LINE_SUBSCRIBE, 0x0010, "" },
    { LINE_SUBSCRIBE, 0x0019, "" },
    { LINE_WRITE, 0x0010, "24000000" },
    { LINE_WRITE, 0x0019, "0000000b0100" },
    { LINE_NOTIFY, 0x0019, "00000101" },
    { LINE_WRITE, 0x0019, "0100a0a1a2a3a4a5a6a7a8a9aaabacadaeaf" },
    { LINE_NOTIFY, 0x0019, "00000100" },
    { LINE_NOTIFY, 0x0019, "0000000d0100" },
    { LINE_WRITE, 0x0019, "00000101" },
    { LINE_NOTIFY, 0x0019, "0100505152535455565758595a5b5c5d5e5f" },
    { LINE_WRITE, 0x0019, "00000100" },
    { LINE_NOTIFY, 0x0019, "0000000c0200" },
    { LINE_WRITE, 0x0019, "00000101" },
    { LINE_NOTIFY, 0x0019, "01000bf499c10164cac4990a2f8f4525c33fc5bd" },
    { LINE_NOTIFY, 0x0019, "0200a5c093920e39496d6cd0577944d5" },
    { LINE_WRITE, 0x0019, "00000100" },
    { LINE_WRITE, 0x0019, "0000000a0200" },
    { LINE_NOTIFY, 0x0019, "00000101" },
    { LINE_WRITE, 0x0019, "0100d756900f6dbff1ef0caeb4ac417eaa4e849f" },
    { LINE_WRITE, 0x0019, "020033c83f6bdfebd92175956cf8a0c7" },
    { LINE_NOTIFY, 0x0010, "21000000" },
    { LINE_END, 0, "" },
};

/* A remote control with a 12-byte key. */
static const struct line legacy[] = {
    { LINE_WRITE, 0x0010, "90ca85de" },
    { LINE_SUBSCRIBE, 0x0001, "" },
    { LINE_WRITE, 0x0001, "994d0fcc0119c8cc8416614c" },
    { LINE_NOTIFY, 0x0001, "87206eb49d133ca4651a4c25" },
    { LINE_WRITE, 0x0001, "1fe6f0ed" },
    { LINE_READ, 0x0014, "351ea34621b8522bbf76dfc4" },
    { LINE_READ, 0x0004, "bc63943949af1f" },
    { LINE_END, 0, "" },
};

#endif
