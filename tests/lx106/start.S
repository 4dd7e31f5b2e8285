/*
 * Reset entry, start-up and exception vectors (see tests/target/README.md).
 */

/* The machine starts at 0x50000000, where this section is put. */
	.section .reset, "ax"
	.align 4
	.global _reset
_reset:
	j	.Lgo
	.align 4
.Lto:	.word	_start
.Lgo:	l32r	a0, .Lto
	jx	a0

/* The core is kept in kernel mode, so every exception arrives at +0x30 (or at
 * +0x70 if one happens in the handler). */
	.section .vectors, "ax"
	.org 0x10
	j	.Ldebug		/* debug: a break instruction */
	.org 0x30
	j	.Lexception	/* kernel mode exception */
	.org 0x50
	j	.Lexception	/* user mode exception */
	.org 0x70
.Ldead:				/* exception in the handler: end the run */
	movi	a2, 1
	movi	a3, 139
	simcall
	j	.Ldead
.Lexception:
	rsr	a2, exccause
	rsr	a3, epc1
	j	.Lreport
.Ldebug:
	movi	a2, 255		/* not a cause of the core's own */
	rsr	a3, epc2
.Lreport:
	mov	a4, a0		/* third argument: the return address */
	mov	a5, a1		/* fourth: the stack pointer */
	rsr	a6, excvaddr
	movi	a1, lx_trap_stack + 1024
	movi	a0, lx_trap
	jx	a0

	.section .text.start, "ax"
	.align 4
	.literal_position
	.global _start
	.type _start, @function
_start:
	movi	a1, __stack
	movi	a2, __lx_vecbase
	wsr	a2, vecbase
	movi	a2, 0		/* kernel mode, no interrupt mask, not in an exception */
	wsr	a2, ps
	rsync
	movi	a2, __bss_start
	movi	a3, __bss_end
	movi	a4, 0
1:	bgeu	a2, a3, 2f
	s32i	a4, a2, 0
	addi	a2, a2, 4
	j	1b
2:	movi	a0, lx_main
	callx0	a0
	.size _start, . - _start

/* int lx_simcall(int number, int a, int b, int c): the emulator's system call;
 * returns its result, or -errno */
	.section .text.lx_simcall, "ax"
	.align 4
	.global lx_simcall
	.type lx_simcall, @function
lx_simcall:
	simcall
	bgez	a2, 1f
	neg	a2, a3
1:	ret
	.size lx_simcall, . - lx_simcall
