// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

/** A property of a form. Source: Intel SDM vol. 2, the pages of the instructions. */
public enum Trait {
  /** May continue elsewhere than behind itself. */
  BRANCH(""),
  /** No instruction behind it belongs to the same block: it always branches, or changes how code is fetched or trapped. */
  ENDS_BLOCK("end"),
  /** Reads memory, if its ModRM names memory; always, if it has no such operand. */
  READS_MEMORY("rm"),
  /** Writes memory, if its ModRM names memory; always, if it has no such operand. */
  WRITES_MEMORY("wm"),
  /** #GP outside of privilege level 0. */
  PRIVILEGED("priv"),
  /** IOPL or the I/O permission bitmap decides. */
  IO_SENSITIVE("iopl"),
  /** Takes LOCK if the destination is memory. */
  LOCKABLE("lock"),
  /** A string instruction, which REP repeats. */
  STRING("string"),
  /** Reads or writes a port. */
  PORT("io"),
  /** Reads or changes the x87 state. */
  X87("x87"),
  /** Uses MMX registers, so the x87 tag word becomes valid. */
  MMX_STATE("mmx"),
  /** Reads or changes XMM registers or MXCSR. */
  SSE_STATE("sse"),
  /** Floating-point arithmetic that heeds MXCSR and may raise #XM. */
  SIMD_FP("fp"),
  /** Its memory operand must be aligned to 16 bytes though others of its kind need not. */
  ALIGNED("align"),
  /** 64 bits is the default operand size in 64-bit mode; 16 is possible, 32 is not. */
  DEFAULT_64("d64"),
  /** The operand size is 64 bits in 64-bit mode, whatever the prefixes. */
  FORCED_64("f64"),
  /** Its mnemonic depends on the address size, not the operand size. */
  ADDRESS_SIZED("asz"),
  /** #UD in 64-bit mode. */
  NOT_IN_64("i64"),
  /** #UD outside of 64-bit mode. */
  ONLY_IN_64("o64"),
  /** #UD (or, for SYSENTER and SYSEXIT, #GP) in real mode. */
  NOT_IN_REAL("prot"),
  /** Shifts or rotates: a count of zero leaves the flags. */
  SHIFT("shift"),
  /** A memory operand's address is moved by the bit offset in the register. */
  BIT_STRING("bitstring"),
  /** Loads a segment register. */
  LOADS_SEGMENT("seg"),
  /** Inhibits interrupts until after the next instruction. */
  INTERRUPT_SHADOW("shadow"),
  /** Always #UD; nothing but the length matters. */
  UNDEFINED("ud"),
  /** A second encoding, not in the manuals' lists, of an x87 operation. */
  UNDOCUMENTED("alias");

  final String token;

  Trait(String token) {
    this.token = token.isEmpty() ? name().toLowerCase(java.util.Locale.ROOT) : token;
  }
}
