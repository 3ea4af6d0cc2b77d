// SPDX-License-Identifier: EPL-2.0
package org.xenolith.symbols;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolKind;
import org.xenolith.inspect.symbols.SymbolTable;

/** Symbols by address and by name. */
final class SortedSymbols implements SymbolTable {
  private static final Comparator<Symbol> ORDER = Comparator.comparingLong((Symbol s) -> s.address() + Long.MIN_VALUE).thenComparing(
      Symbol::kind).thenComparing(s -> plainness(s.name())).thenComparing(Symbol::name);

  private final List<Symbol> all;
  private final Symbol[] code;
  private final Symbol[] data;
  /** Made when a name is asked for first: most tables are asked for addresses only. */
  private volatile Map<String, List<Symbol>> names = Map.of();

  SortedSymbols(List<Symbol> symbols) {
    all = symbols.stream().sorted(ORDER).toList();
    code = firsts(SymbolKind.CODE);
    data = firsts(SymbolKind.DATA);
  }

  /** The same elsewhere. */
  SortedSymbols moved(long by) {
    return by == 0 ? this : new SortedSymbols(all.stream().map(each -> each.moved(by)).toList());
  }

  /** Of several names for one address the plainest. */
  private Symbol[] firsts(SymbolKind kind) {
    List<Symbol> first = new ArrayList<>();
    for (Symbol each : all) {
      if (each.kind() == kind && (first.isEmpty() || first.getLast().address() != each.address())) {
        first.add(each);
      }
    }
    return first.toArray(Symbol[]::new);
  }

  /** {@code memset} rather than {@code __pi_memset} or {@code __memset}. */
  private static int plainness(String name) {
    int underscores = 0;
    while (underscores < name.length() && name.charAt(underscores) == '_') {
      underscores++;
    }
    return underscores * 100 + name.length();
  }

  @Override
  public List<Symbol> all() {
    return all;
  }

  @Override
  public Optional<Symbol> at(long address) {
    Symbol found = in(code, address);
    return Optional.ofNullable(found != null ? found : in(data, address));
  }

  @Override
  public long function(long address) {
    Symbol found = in(code, address);
    return found == null ? -1 : found.address();
  }

  @Override
  public List<Symbol> named(String name) {
    if (names.isEmpty()) {
      Map<String, List<Symbol>> map = HashMap.newHashMap(all.size());
      all.forEach(each -> map.merge(each.name(), List.of(each), SortedSymbols::both));
      names = map;
    }
    return names.getOrDefault(name, List.of());
  }

  private static List<Symbol> both(List<Symbol> some, List<Symbol> more) {
    List<Symbol> both = new ArrayList<>(some);
    both.addAll(more);
    return List.copyOf(both);
  }

  /** The last symbol that begins at or before an address, if the address is within it; else null. */
  private static Symbol in(Symbol[] sorted, long address) {
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = low + high >>> 1;
      if (Long.compareUnsigned(sorted[middle].address(), address) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high >= 0 && sorted[high].has(address) ? sorted[high] : null;
  }
}
