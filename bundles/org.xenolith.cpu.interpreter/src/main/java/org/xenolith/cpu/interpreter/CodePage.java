package org.xenolith.cpu.interpreter;

import org.xenolith.machine.api.Ram;

/** The decoded instructions of one physical page. */
final class CodePage {
  static final int WORDS = 1024;

  /** By word; null where nothing has been decoded. */
  final Node[] nodes = new Node[WORDS];
  final Ram ram;
  /** Offset of the page in the chunk. */
  final int offset;
  /** Whether memory still holds what was decoded. */
  boolean live = true;

  CodePage(Ram ram, int offset) {
    this.ram = ram;
    this.offset = offset;
  }

  int word(int slot) {
    return (int) Ram.H32.get(ram.bytes, offset + slot * 4);
  }
}
