/*
 * Bytecode. An instruction is 32 bits: opcode in the lowest byte, then A, B and C of 8 bits each,
 * or A and a 16-bit Bx, or a signed 24-bit J. R[x] is a register of the function, K[x] one of its
 * constants. Comparisons and TEST are followed by a JMP, taken when the result equals A.
 */
#ifndef BERRY_CODE_H
#define BERRY_CODE_H

#include "value.h"

/* What the operand fields of an opcode mean; the compiler renumbers registers by it. */
enum op_format {
    FMT_NONE,
    FMT_A,    /* A is a register */
    FMT_AB,   /* A and B are */
    FMT_ABC,  /* all three are */
    FMT_BC,   /* B and C are */
    FMT_B,    /* B is */
    FMT_AC,   /* A and C are */
    FMT_RANGE /* A is, and B is the register behind the last one */
};

#define OPCODES(X)                                                                                 \
    X(MOVE, FMT_AB)        /* R[A] = R[B] */                                                       \
    X(LOADK, FMT_A)        /* R[A] = K[Bx] */                                                      \
    X(LOADI, FMT_A)        /* R[A] = Bx - 32768 */                                                 \
    X(LOADNIL, FMT_A)      /* R[A] = nil */                                                        \
    X(LOADBOOL, FMT_A)     /* R[A] = B; if C skip the next instruction */                          \
    X(GETGLOBAL, FMT_A)    /* R[A] = global Bx */                                                  \
    X(SETGLOBAL, FMT_A)    /* global Bx = R[A] */                                                  \
    X(GETNAMED, FMT_A)     /* R[A] = global of name K[Bx] */                                       \
    X(SETNAMED, FMT_A)     /* global of name K[Bx] = R[A] */                                       \
    X(GETBUILTIN, FMT_A)   /* R[A] = builtin Bx */                                                 \
    X(GETUP, FMT_A)        /* R[A] = captured variable B */                                        \
    X(SETUP, FMT_A)        /* captured variable B = R[A] */                                        \
    X(GETINDEX, FMT_ABC)   /* R[A] = R[B][R[C]] */                                                 \
    X(GETINDEXK, FMT_AB)   /* R[A] = R[B][K[C]] */                                                 \
    X(SETINDEX, FMT_ABC)   /* R[A][R[B]] = R[C] */                                                 \
    X(GETMEMBER, FMT_AB)   /* R[A] = R[B].K[C] */                                                  \
    X(GETMEMBERX, FMT_ABC) /* R[A] = R[B].(R[C]) */                                                \
    X(SETMEMBER, FMT_AC)   /* R[A].K[B] = R[C] */                                                  \
    X(SETMEMBERX, FMT_ABC) /* R[A].(R[B]) = R[C] */                                                \
    X(METHOD, FMT_AB)      /* R[A], R[A+1] = function K[C] of R[B], its self or absent */          \
    X(METHODX, FMT_ABC)    /* the same, name in R[C] */                                            \
    X(ADD, FMT_ABC)        /* R[A] = R[B] op R[C], in the order of the ten operators */            \
    X(SUB, FMT_ABC)                                                                                \
    X(MUL, FMT_ABC)                                                                                \
    X(DIV, FMT_ABC)                                                                                \
    X(MOD, FMT_ABC)                                                                                \
    X(AND, FMT_ABC)                                                                                \
    X(OR, FMT_ABC)                                                                                 \
    X(XOR, FMT_ABC)                                                                                \
    X(SHL, FMT_ABC)                                                                                \
    X(SHR, FMT_ABC)                                                                                \
    X(ADDK, FMT_AB) /* R[A] = R[B] op K[C] */                                                      \
    X(SUBK, FMT_AB)                                                                                \
    X(MULK, FMT_AB)                                                                                \
    X(DIVK, FMT_AB)                                                                                \
    X(MODK, FMT_AB)                                                                                \
    X(ANDK, FMT_AB)                                                                                \
    X(ORK, FMT_AB)                                                                                 \
    X(XORK, FMT_AB)                                                                                \
    X(SHLK, FMT_AB)                                                                                \
    X(SHRK, FMT_AB)                                                                                \
    X(RANGE, FMT_ABC) /* R[A] = R[B] .. R[C] */                                                    \
    X(NEG, FMT_AB)    /* R[A] = -R[B] */                                                           \
    X(FLIP, FMT_AB)   /* R[A] = ~R[B] */                                                           \
    X(NOT, FMT_AB)    /* R[A] = !R[B] */                                                           \
    X(TEST, FMT_B)    /* truth of R[B] */                                                          \
    X(EQ, FMT_BC)     /* R[B] op R[C], in the order of the six comparisons */                      \
    X(NE, FMT_BC)                                                                                  \
    X(LT, FMT_BC)                                                                                  \
    X(LE, FMT_BC)                                                                                  \
    X(GT, FMT_BC)                                                                                  \
    X(GE, FMT_BC)                                                                                  \
    X(EQK, FMT_B) /* R[B] op K[C] */                                                               \
    X(NEK, FMT_B)                                                                                  \
    X(LTK, FMT_B)                                                                                  \
    X(LEK, FMT_B)                                                                                  \
    X(GTK, FMT_B)                                                                                  \
    X(GEK, FMT_B)                                                                                  \
    X(JMP, FMT_NONE)     /* pc += J */                                                             \
    X(LOOP, FMT_NONE)    /* pc -= J, and counts */                                                 \
    X(CALL, FMT_A)       /* R[A] = R[A](R[A+1] … R[A+B]) */                                      \
    X(CALLM, FMT_A)      /* R[A] = R[A](R[A+1], R[A+2] … R[A+1+B]); no self if that is absent */ \
    X(RETURN, FMT_A)     /* return R[A] */                                                         \
    X(RETNIL, FMT_NONE)  /* return nil */                                                          \
    X(FORPREP, FMT_A)    /* R[A] = what to iterate: set up R[A..A+2], then pc += Bx */             \
    X(FORRANGE, FMT_A)   /* the same for R[A] .. R[A+1] */                                         \
    X(FORLOOP, FMT_A)    /* R[A+3] = next one and pc -= Bx; else go on */                          \
    X(CLOSURE, FMT_A)    /* R[A] = function of prototype Bx */                                     \
    X(CLOSE, FMT_RANGE)  /* captured variables in R[A] … R[B-1] leave the stack */               \
    X(NEWLIST, FMT_A)    /* R[A] = [] */                                                           \
    X(APPEND, FMT_AB)    /* R[A].push(R[B]) */                                                     \
    X(NEWMAP, FMT_A)     /* R[A] = {} */                                                           \
    X(RAISE, FMT_AB)     /* raise R[A], R[B] */                                                    \
    X(RERAISE, FMT_A)    /* raise R[A], R[A+1] again, with the traceback it had */                 \
    X(CLASS, FMT_A)      /* R[A] = new class of name K[Bx] */                                      \
    X(SETSUPER, FMT_AB)  /* R[A]'s parent is R[B] */                                               \
    X(CLASSBEGIN, FMT_A) /* R[A] has as many variables of its own as the next word says */         \
    X(CLASSVAR, FMT_A)   /* R[A] gets the variable K[next word] */                                 \
    X(CLASSSTATIC, FMT_AB) /* R[A] gets the static K[next word], value R[B] */                     \
    X(CLASSMETHOD, FMT_AB) /* R[A] gets the method K[next word], closure R[B] */                   \
    X(CLASSEND, FMT_A)     /* R[A] is complete */                                                  \
    X(IMPORT, FMT_A)       /* R[A] = module named K[Bx] */

enum op {
#define X(name, format) OP_##name,
    OPCODES(X)
#undef X
        OP_COUNT
};

#define INS_OP(i) ((uint8_t)(i))
#define INS_A(i)  ((i) >> 8 & 0xFFu)
#define INS_B(i)  ((i) >> 16 & 0xFFu)
#define INS_C(i)  ((i) >> 24)
#define INS_BX(i) ((i) >> 16)
#define INS_J(i)  ((int32_t)(i) >> 8)

#define BX_MAX     0xFFFF
#define LOADI_BIAS 32768
#define JUMP_MAX   0x7FFFFF

/* Where exceptions of a stretch of code go. */
enum handler_kind { HANDLER_TRY, HANDLER_FOR };

struct handler {
    uint32_t start, end, target; /* instructions start..end-1 are covered */
    uint8_t kind;
    uint8_t reg;   /* try: exception and message go to reg and reg+1 */
    uint8_t close; /* captured variables from here on leave the stack */
};

/* From instruction `pc` on the source line is `line`. */
struct line_mark {
    uint32_t pc, line;
};

/* Where a closure finds a captured variable when it is made. */
struct capture {
    uint8_t from_parent_stack; /* register of the enclosing function, else its captured variable */
    uint8_t index;
};

struct proto {
    struct obj obj;
    struct str *name, *source;
    uint32_t *code;
    struct value *constants;
    struct proto **protos;
    struct capture *captures;
    struct handler *handlers;
    struct line_mark *lines;
    uint32_t ncode, nconstants, nprotos, nhandlers, nlines;
    uint8_t nparams, nregs, ncaptures;
    bool has_rest; /* the last parameter collects */
    bool is_method;
};

#endif
