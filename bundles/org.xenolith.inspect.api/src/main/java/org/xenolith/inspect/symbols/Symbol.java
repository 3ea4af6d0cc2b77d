// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.symbols;

/**
 * A name in a guest's code or data.
 *
 * @param address of its first byte, where it runs
 * @param size    bytes; up to the next symbol where nothing says how many
 * @param kind    what it is a name of
 * @param global  whether other files of the same program may use the name
 * @param name    as the program has it
 */
public record Symbol(long address, long size, SymbolKind kind, boolean global, String name) {
  /** Whether an address is within it. */
  public boolean has(long at) {
    return kind != SymbolKind.ABSOLUTE && Long.compareUnsigned(at - address, size) < 0;
  }

  /** An address within it as people write it: {@code NAME} or {@code NAME+0xOFFSET}. */
  public String text(long at) {
    return at == address ? name : name + "+0x" + Long.toHexString(at - address);
  }

  /** The same symbol elsewhere. */
  public Symbol moved(long by) {
    return by == 0 ? this : new Symbol(kind == SymbolKind.ABSOLUTE ? address : address + by, size, kind, global, name);
  }
}
