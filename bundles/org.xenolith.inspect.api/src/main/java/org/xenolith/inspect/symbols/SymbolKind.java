// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.symbols;

/** What a symbol is a name of. */
public enum SymbolKind {
  /** Instructions. */
  CODE,
  /** Bytes that are read or written. */
  DATA,
  /** A number that is no address in the image: an offset within what each processor has of its own, say. */
  ABSOLUTE
}
