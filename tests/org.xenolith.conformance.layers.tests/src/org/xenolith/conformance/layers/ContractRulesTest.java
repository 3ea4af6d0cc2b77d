// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The rules of contracts, kits and circles reject what they should, and nothing else: one made-up class or bundle for each. */
class ContractRulesTest {
  private static final String API = "org.xenolith.x.api";

  // What a contract may hold.

  interface Shape {
    String NAME = "shape";

    static Shape of(String name) {
      return () -> name;
    }

    String name();
  }

  @interface Marked {
  }

  record Size(int bytes) {
    Size {
      if (bytes < 0) {
        throw new IllegalArgumentException();
      }
    }
  }

  enum Way {
    IN, OUT {
      @Override
      Way other() {
        return IN;
      }
    };

    Way other() {
      return OUT;
    }
  }

  static class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  static final class StillRefused extends Refused {
    private static final long serialVersionUID = 1L;
  }

  abstract static class Place {
    private int users;

    void use() {
      users++;
    }

    int users() {
      return users;
    }
  }

  static final class OnePort extends Place {
  }

  static final class Numbers {
    static final int ONE = 1;
    static final List<Integer> SOME = List.of(ONE);

    private Numbers() {}
  }

  // What it may not.

  static final class Counter {
    private int count;

    void more() {
      count++;
    }

    int count() {
      return count;
    }
  }

  interface Helper {
    static int twice(int value) {
      return 2 * value;
    }
  }

  static final class Names {
    static final String ONE = "one";

    private Names() {}

    static String plural(String name) {
      return name + "s";
    }
  }

  record Holder(int value) {
    Supplier<String> text() {
      return new Supplier<>() {
        @Override
        public String get() {
          return "" + value;
        }
      };
    }

    static class Builder {
      Holder build() {
        return new Holder(1);
      }
    }
  }

  @Test
  void whatAContractMayHoldIsLetPass() throws IOException {
    assertEquals(Map.of(), ContractRules.violations(contract(Shape.class, Marked.class, Size.class, Way.class, Way.OUT.getClass(),
        Refused.class, StillRefused.class, Place.class, OnePort.class, Numbers.class, Holder.class)));
  }

  @Test
  void machineryIsNamedWithItsReasonAndItsPlace() throws IOException {
    BuiltClasses classes = contract(Counter.class, Helper.class, Names.class, Holder.class, Holder.Builder.class, new Holder(1).text()
        .getClass());
    user(classes, "org.xenolith.hw.a", Uses.class);
    assertEquals("Counter is a class with code (count, more), in a contract: only org.xenolith.hw.a uses it: move it there", said(classes,
        Counter.class));
    assertEquals("Helper is an interface of nothing but static methods (twice), in a contract: it goes where the class around it goes, or"
        + " becomes a class of its own there", said(classes, Helper.class));
    assertTrue(said(classes, Names.class).startsWith("Names is a class with code (plural), in a contract: "));
    user(classes, API, Alone.class);
    assertEquals("org.xenolith.conformance.layers.Alone is a class with code (text), in a contract: no other bundle uses it; it goes along"
        + " with what uses it here", said(classes, Alone.class));
    assertTrue(said(classes, new Holder(1).text().getClass()).contains(" is an anonymous class, in a contract"));
    assertTrue(said(classes, Holder.Builder.class).contains(" is a class with code (build), in a contract"));
    assertEquals(6, ContractRules.violations(classes).size());

    user(classes, "org.xenolith.hw.b", UsesToo.class);
    assertEquals("Counter is a class with code (count, more), in a contract: move it to org.xenolith.x.kit for its users,"
        + " org.xenolith.hw.a, org.xenolith.hw.b", said(classes, Counter.class));
  }

  /** What a port extends is one by what extends it, not by itself. */
  @Test
  void baseOfNoPortIsMachinery() throws IOException {
    assertEquals(List.of(Place.class.getName()), List.copyOf(ContractRules.violations(contract(Place.class, Shape.class)).keySet()));
  }

  @Test
  void machineryOutsideContractsIsNobodysBusiness() throws IOException {
    BuiltClasses classes = contract();
    user(classes, "org.xenolith.x.kit", Counter.class);
    assertEquals(Map.of(), ContractRules.violations(classes));
  }

  static final class Uses {
    Counter counter;
  }

  static final class UsesToo {
    int count() {
      return new Counter().count();
    }
  }

  @Test
  void listOfWhatIsNotYetOnlyBecomesShorter() {
    SortedMap<String, String> found = new TreeMap<>(Map.of("a.B", "a.B is bad", "a.C", "a.C is bad"));
    assertEquals("", NotYet.complaints("class", found, List.of("class a.B", "class a.C", "tests a")));
    assertEquals("a.C is bad", NotYet.complaints("class", found, List.of("class a.B")));
    found.remove("a.B");
    assertEquals("not-yet.txt: \"class a.B\" keeps to the rule, or is no more: take the entry out", NotYet.complaints("class", found, List
        .of("class a.B", "class a.C")));
  }

  @Test
  void kitOfAnotherVersionAndWhoeverTakesAnotherAreNamed() {
    Layers layers = new Layers(List.of("L1 *.api *.kit", "L3 hw.*", "kit *.kit"));
    BuiltBundle kit = bundle("x.kit", "0.2.0", Map.of(), Map.of("org.xenolith.x.kit", "0.2.0"));
    BuiltBundle contract = bundle("x.api", "1.0.0", Map.of(), Map.of("org.xenolith.x.api", "1.0.0"));
    assertEquals(List.of(), KitRules.violations(layers, List.of(kit, contract, bundle("hw.a", "1.0.0", Map.of("org.xenolith.x.kit",
        "[0.2,0.3)", "org.xenolith.x.api", "[1.0,2)"), Map.of()), bundle("hw.b", "1.0.0", Map.of("org.xenolith.x.kit", "[0.2.0,0.3.0)"),
            Map.of()))));
    assertEquals(List.of(
        "org.xenolith.hw.a imports org.xenolith.x.kit of the kit org.xenolith.x.kit as [0.2,1): only this release's will do, [0.2,0.3)"),
        KitRules.violations(layers, List.of(kit, bundle("hw.a", "1.0.0", Map.of("org.xenolith.x.kit", "[0.2,1)"), Map.of()))));
    assertEquals(List.of("org.xenolith.x.kit is a kit and has version 1.0.0: kits have the release's, 0.2.0",
        "org.xenolith.x.kit exports org.xenolith.x.kit as version 1.0.0: kits have the release's, 0.2.0"), KitRules.violations(layers, List
            .of(bundle("x.kit", "1.0.0", Map.of(), Map.of("org.xenolith.x.kit", "1.0.0")))));
  }

  @Test
  void circleIsDrawn() throws IOException {
    BuiltBundle one = bundle("one", "1.0.0", Map.of("org.xenolith.two", "[1.0,2)"), Map.of("org.xenolith.one", "1.0.0"));
    BuiltBundle two = bundle("two", "1.0.0", Map.of(), Map.of("org.xenolith.two", "1.0.0"));
    BuiltClasses classes = BuiltClasses.of(List.of());
    assertEquals("", BundleGraph.of(List.of(one, two), classes).circle());
    user(classes, "org.xenolith.one", Counter.class);
    user(classes, "org.xenolith.two", Uses.class);
    assertEquals("""
        a circle of bundles:
          ┌→ org.xenolith.one
          │  ↓  uses org.xenolith.two: its manifest imports org.xenolith.two
          │  org.xenolith.two
          └─ uses org.xenolith.one: org.xenolith.conformance.layers.ContractRulesTest$Uses names \
        org.xenolith.conformance.layers.ContractRulesTest$Counter
        """, BundleGraph.of(List.of(one, two), classes).circle());
  }

  private static String said(BuiltClasses classes, Class<?> type) {
    return ContractRules.violations(classes).getOrDefault(type.getName(), "").replace(ContractRulesTest.class.getName() + "$", "");
  }

  private static BuiltClasses contract(Class<?>... types) throws IOException {
    BuiltClasses classes = BuiltClasses.of(List.of());
    for (Class<?> type : types) {
      user(classes, API, type);
    }
    return classes;
  }

  private static void user(BuiltClasses classes, String bundle, Class<?> type) throws IOException {
    String file = type.getName().substring(type.getPackageName().length() + 1) + ".class";
    try (InputStream code = type.getResourceAsStream(file)) {
      classes.add(bundle, code.readAllBytes());
    }
  }

  private static BuiltBundle bundle(String name, String version, Map<String, String> imports, Map<String, String> exports) {
    return new BuiltBundle(Path.of(name + ".jar"), Layers.PREFIX + name, version, imports, exports, List.of(), "");
  }
}

/** Beside the others. */
final class Alone {
  String text() {
    return "";
  }
}
