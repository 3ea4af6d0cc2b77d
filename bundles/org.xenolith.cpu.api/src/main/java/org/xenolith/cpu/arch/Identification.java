package org.xenolith.cpu.arch;

/** Values of the identification registers. */
final class Identification {
  private Identification() { }
}
