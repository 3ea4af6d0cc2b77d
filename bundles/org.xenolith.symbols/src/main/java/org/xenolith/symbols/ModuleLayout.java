// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a kernel has what it knows of a module, in bytes from the start of its {@code struct module}: another place in each version, so that the kernel's own types say it.
 *
 * @param list    the pair of pointers to the next and the one before
 * @param name    characters
 * @param self    a pointer to the structure itself, by which it is known
 * @param table   a pointer to the table of its symbols
 * @param base    a pointer to its code; -1 if it isn't known where
 * @param size    its bytes, 32 bits
 * @param symbols within the table, a pointer to ELF symbols
 * @param count   how many, 32 bits
 * @param strings a pointer to their names
 * @param letters a pointer to a letter for each; -1 if there is none
 */
record ModuleLayout(int list, int name, int self, int table, int base, int size, int symbols, int count, int strings, int letters) {
  private static final String MODULE = "module";
  private static final String TABLE = "mod_kallsyms";

  /** @return empty if the kernel doesn't say it, or has no tables of its modules' symbols */
  static Optional<ModuleLayout> of(Btf types) {
    int list = offset(types, MODULE, "list");
    int name = offset(types, MODULE, "name");
    int self = offset(types, MODULE, "mkobj.mod");
    int table = offset(types, MODULE, "kallsyms");
    int symbols = offset(types, TABLE, "symtab");
    int count = offset(types, TABLE, "num_symtab");
    int strings = offset(types, TABLE, "strtab");
    if (list < 0 || name < 0 || self < 0 || table < 0 || symbols < 0 || count < 0 || strings < 0) {
      return Optional.empty();
    }
    // From 6.4 on there is a memory for each kind of content, the first for code.
    boolean one = offset(types, MODULE, "core_layout.base") >= 0;
    return Optional.of(new ModuleLayout(list, name, self, table, offset(types, MODULE, one ? "core_layout.base" : "mem.base"), offset(types,
        MODULE,
        one ? "core_layout.size" : "mem.size"), symbols, count, strings, offset(types, TABLE, "typetab")));
  }

  private static int offset(Btf types, String structure, String path) {
    OptionalInt found = types.offset(structure, path);
    return found.orElse(-1);
  }
}
