package org.xenolith.cpu.arch;

/** SYS operations. */
public final class Operations {
  Operations(Cpu cpu) { }
}
