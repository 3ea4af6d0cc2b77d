// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.BuiltBundle;
import org.xenolith.conformance.layers.Checkout;
import org.xenolith.conformance.layers.Layers;

/** The page of operations has every function of UEFI firmware of bundles, and no other. */
class OperationsPageTest {
  private static final int PROVIDERS = 3;
  private static final String CORE_CLASS = OperationsPage.CORE + ".BootFirmware";

  private static AnsweredFunctions functions;
  private static OperationsPage page;
  private static Map<String, Object> layers;

  @BeforeAll
  static void readTheBundles() throws IOException, ReflectiveOperationException {
    List<BuiltBundle> bundles = Checkout.bundles();
    Layers numbers = Layers.ofCheckout();
    functions = new AnsweredFunctions(bundles);
    page = OperationsPage.of();
    layers = functions.layers(bundles.stream().map(BuiltBundle::name).filter(name -> numbers.layerOf(name).orElseThrow() == PROVIDERS)
        .collect(Collectors.toSet()));
  }

  @AfterAll
  static void close() throws IOException {
    if (functions != null) {
      functions.close();
    }
  }

  @Test
  void everyRowIsOne() {
    assertEquals(List.of(), page.problems());
  }

  @Test
  void tablesNameExactlyWhatLayersAnswer() throws ReflectiveOperationException {
    assertTrue(layers.size() > 20, () -> "layers: " + layers.keySet());
    List<String> problems = new ArrayList<>();
    for (String bundle : layers.keySet()) {
      OperationTable table = page.tables().get(bundle);
      if (table == null) {
        problems.add(bundle + "/README.md has no section \"## Operations\"");
        continue;
      }
      Set<String> said = new TreeSet<>(table.names());
      page.tables().get(OperationsPage.KIT).pieces().forEach((piece, names) -> {
        if (functions.pieces(bundle).contains(piece)) {
          names.stream().filter(name -> !said.add(name)).forEach(name -> problems.add(bundle + "/README.md has a row for " + name
              + ", which the kit's has as " + piece + "'s: take one out"));
        }
      });
      compare(bundle, said, functions.names(bundle, layers.get(bundle), "function"), problems);
    }
    assertEquals("", String.join("\n", problems));
  }

  @Test
  void tableNamesExactlyWhatTheCoreAnswers() throws ReflectiveOperationException {
    List<String> problems = new ArrayList<>();
    compare(OperationsPage.CORE, simple(page.tables().get(OperationsPage.CORE).names()), simple(functions.names(OperationsPage.CORE,
        functions.core(CORE_CLASS), "core")), problems);
    assertEquals("", String.join("\n", problems));
  }

  /** ALLOCATE_PAGES of the core is AllocatePages for people. */
  private static Set<String> simple(Set<String> names) {
    return names.stream().map(name -> name.replace("_", "").toLowerCase(Locale.ROOT)).collect(Collectors.toCollection(TreeSet::new));
  }

  private static void compare(String bundle, Set<String> said, Set<String> answered, List<String> problems) {
    answered.stream().filter(name -> !said.contains(name)).forEach(name -> problems.add(bundle + "/README.md, Operations: no row for "
        + name));
    said.stream().filter(name -> !answered.contains(name)).forEach(name -> problems.add(bundle + "/README.md, Operations: there is no "
        + name));
  }

  @Test
  void nobodyElseHasOperations() {
    Set<String> bundles = new TreeSet<>(page.tables().keySet());
    bundles.removeAll(layers.keySet());
    assertEquals(Set.of(OperationsPage.CORE, OperationsPage.KIT), bundles);
  }

  @Test
  void everyPieceOfTheKitIsOneThatALayerUses() {
    Set<String> used = layers.keySet().stream().flatMap(bundle -> functions.pieces(bundle).stream()).collect(Collectors.toSet());
    assertEquals(List.of(), page.tables().get(OperationsPage.KIT).pieces().keySet().stream().filter(piece -> !used.contains(piece))
        .toList());
  }

  /** What a bundle's code returns and no row says: an error that callers aren't told of. What the kit's code returns is for its users' rows to say. */
  @Test
  void everyErrorThatIsReturnedIsInARowOfItsBundle() throws ReflectiveOperationException {
    Set<String> said = page.tables().values().stream().flatMap(table -> table.errors().stream()).collect(Collectors.toCollection(
        TreeSet::new));
    Map<String, Set<String>> missing = new TreeMap<>();
    page.tables().forEach((bundle, table) -> {
      Set<String> statuses = functions.statuses(bundle);
      statuses.removeAll(bundle.equals(OperationsPage.KIT) ? said : table.errors());
      statuses.remove("SUCCESS");
      if (!statuses.isEmpty()) {
        missing.put(bundle, statuses);
      }
    });
    assertEquals(Map.of(), missing);
    said.removeAll(functions.allStatuses());
    assertEquals(Set.of(), said, "statuses that there aren't");
  }

  @Test
  void rowsAreReadBelowTheirHeadings() {
    OperationTable table = OperationTable.of("""
        # X

        ## Operations

        ### One

        | operation | parameters | errors | when |
        |---|---|---|---|
        | `Read`, `ReadEx` | buffer | `NOT_FOUND`: none there; `TIMEOUT` | at once |

        ### Two

        | operation | parameters | errors | when |
        |---|---|---|---|
        | `Flush` | - | none | at once |

        ## Live change
        | add | comes | `XTest.comes` | x |
        """);
    assertEquals(Map.of("One", List.of("Read", "ReadEx"), "Two", List.of("Flush")), table.pieces());
    assertEquals(Set.of("NOT_FOUND", "TIMEOUT"), table.errors());
  }

  @Test
  void rowThatIsNoneIsRefused() {
    String head = "\n## Operations\n| operation | parameters | errors | when |\n|---|---|---|---|\n";
    for (String row : List.of("| `Read` | buffer | | at once |", "| `Read` | buffer | some | at once |",
        "| Read | buffer | none | at once |",
        "| `Read` | | none | at once |", "| `Read` | buffer | none |", "| `Read` | - | none | now |\n| `Read` | - | none | now |")) {
      assertThrows(IllegalArgumentException.class, () -> OperationTable.of(head + row + '\n'), row);
    }
    assertThrows(IllegalArgumentException.class, () -> OperationTable.of(head));
    assertThrows(IllegalArgumentException.class, () -> OperationTable.of("# X\n"));
  }
}
