// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.symbols;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Symbols of one image, or of some files together. It doesn't change; any thread. */
@ProviderType
public interface SymbolTable {
  /** All of them, by ascending address (unsigned): also those that share one with another. */
  List<Symbol> all();

  /** The symbol that an address is within, code before data; of several names for one address the plainest. */
  Optional<Symbol> at(long address);

  /** Where the function that an address is within begins; -1 if it is in none. */
  long function(long address);

  /** All of a name, by ascending address: what is local to files there may be several of. */
  List<Symbol> named(String name);
}
