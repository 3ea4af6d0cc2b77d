// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules reject what they should: one made-up bundle that breaks each. */
class LayerRulesTest {

  private static final Layers LAYERS = new Layers(List.of(
      "# comment", "", "L0 base", "L1 *.api testkit *.kit", "kit testkit *.kit", "L2 machine platform.model platform.loader", "L4 cli",
      "L3 efi.* hw.*"));

  private static final BuiltBundle BASE = bundle("base", Map.of(), Map.of("org.xenolith.base", "1.0.0"));
  private static final BuiltBundle API =
      bundle("x.api", Map.of("org.xenolith.base", "[1.0,2)"), Map.of("org.xenolith.x.api", "1.0.0"));

  @Test
  void soundBundlesBreakNothing() {
    check(List.of(), bundle("hw.a", Map.of("org.xenolith.x.api", "[1.0,2)", "org.osgi.framework", "", "org.w3c.dom", ""), Map.of()));
    check(List.of(), bundle("y.api", Map.of("org.xenolith.x.api", "[1.0,2)"), Map.of("org.xenolith.y.api", "1.0.0")));
  }

  @Test
  void providerMustNotImportAProvider() {
    check(
        List.of(
            "org.xenolith.hw.a (L3) exports org.xenolith.hw.a: only L0, L1 and org.xenolith.platform.model export",
            "org.xenolith.hw.b (L3) imports org.xenolith.hw.a of org.xenolith.hw.a (L3)"),
        bundle("hw.a", Map.of(), Map.of("org.xenolith.hw.a", "1.0.0")),
        bundle("hw.b", Map.of("org.xenolith.hw.a", "[1.0,2)"), Map.of()));
  }

  @Test
  void contractMustNotImportAKit() {
    BuiltBundle kit = bundle("x.kit", Map.of("org.xenolith.x.api", "[1.0,2)"), Map.of("org.xenolith.x.kit", "0.2.0"));
    check(List.of(), kit, bundle("y.kit", Map.of("org.xenolith.x.kit", "[0.2,0.3)"), Map.of("org.xenolith.y.kit", "0.2.0")));
    check(List.of("org.xenolith.y.api (L1, a contract) imports org.xenolith.x.kit of org.xenolith.x.kit, a kit: what contracts share is a"
        + " contract"), kit, bundle("y.api", Map.of("org.xenolith.x.kit", "[0.2,0.3)"), Map.of("org.xenolith.y.api", "1.0.0")));
  }

  @Test
  void baseMustNotImportAContract() {
    check(
        List.of("org.xenolith.base (L0) imports org.xenolith.x.api of org.xenolith.x.api (L1)"),
        bundle("base", Map.of("org.xenolith.x.api", "[1.0,2)"), Map.of()));
  }

  @Test
  void coresMayImportTheEmfModelButNoOtherCore() {
    check(
        List.of("org.xenolith.machine (L2) exports org.xenolith.machine: only L0, L1 and org.xenolith.platform.model export",
            "org.xenolith.platform.loader (L2) imports org.xenolith.machine of org.xenolith.machine (L2)"),
        bundle("machine", Map.of(), Map.of("org.xenolith.machine", "1.0.0")),
        bundle("platform.model", Map.of("org.eclipse.emf.ecore", ""), Map.of("org.xenolith.platform.model", "1.0.0")),
        bundle("platform.loader",
            Map.of("org.xenolith.platform.model", "[1.0,2)", "org.xenolith.machine", "[1.0,2)"), Map.of()));
  }

  @Test
  void versionsAreNeededOnBothSides() {
    check(
        List.of("org.xenolith.y.api exports org.xenolith.y.api without a version",
            "org.xenolith.y.api imports org.xenolith.base without a version range"),
        bundle("y.api", Map.of("org.xenolith.base", ""), Map.of("org.xenolith.y.api", "")));
  }

  @Test
  void requireBundleAndDynamicImportAreRefused() {
    check(
        List.of("org.xenolith.hw.a (L3) has Require-Bundle [org.xenolith.base]: import packages",
            "org.xenolith.hw.a (L3) has DynamicImport-Package *"),
        new BuiltBundle(Path.of("a.jar"), "org.xenolith.hw.a", "1.0.0", Map.of(), Map.of(), List.of("org.xenolith.base"), "*"));
  }

  @Test
  void foreignPackagesAreForApplications() {
    check(List.of("org.xenolith.hw.a (L3) imports org.eclipse.emf.ecore from outside"),
        bundle("hw.a", Map.of("org.eclipse.emf.ecore", ""), Map.of()));
    check(List.of(), bundle("cli", Map.of("picocli", "[4.7,5)"), Map.of()));
    check(List.of("org.xenolith.hw.a (L3) imports picocli from outside"), bundle("hw.a", Map.of("picocli", "[4.7,5)"), Map.of()));
    check(List.of(), bundle("hw.a", Map.of("picocli", "[4.7,5)", "org.xenolith.command.api", "[1.0,2)"), Map.of()), bundle("command.api",
        Map
            .of(), Map.of("org.xenolith.command.api", "1.0.0")));
    check(List.of(), bundle("efi.variables", Map.of("org.bouncycastle.cms", "[1.86,2)"), Map.of()));
    check(List.of("org.xenolith.hw.a (L3) imports org.bouncycastle.cms from outside"),
        bundle("hw.a", Map.of("org.bouncycastle.cms", "[1.86,2)"), Map.of()));
  }

  @Test
  void unknownNamesAreRefused() {
    check(List.of("org.xenolith.gadget: no pattern in releng/layers.txt gives it a layer",
        "org.xenolith.hw.a imports org.xenolith.nowhere, which no bundle exports"),
        bundle("gadget", Map.of(), Map.of()),
        bundle("hw.a", Map.of("org.xenolith.nowhere", "[1.0,2)"), Map.of()));
  }

  @Test
  void manifestClausesAreReadWithQuotedCommas() {
    assertEquals(
        Map.of("a.b", "[1.0,2)", "c", "", "d", "1.1", "e", "1.1"),
        BuiltBundle.clauses("a.b;version=\"[1.0,2)\",c;resolution:=optional,d;e;version=1.1;uses:=\"x,y\""));
  }

  private static void check(List<String> violations, BuiltBundle... more) {
    List<BuiltBundle> bundles = new java.util.ArrayList<>(List.of(API));
    if (!more[0].name().equals(BASE.name())) {
      bundles.addFirst(BASE);
    } else {
      bundles.clear();
      bundles.add(bundle("x.api", Map.of(), Map.of("org.xenolith.x.api", "1.0.0")));
    }
    bundles.addAll(List.of(more));
    assertEquals(violations, LayerRules.violations(LAYERS, bundles));
  }

  private static BuiltBundle bundle(String name, Map<String, String> imports, Map<String, String> exports) {
    return new BuiltBundle(Path.of(name + ".jar"), Layers.PREFIX + name, "1.0.0", imports, exports, List.of(), "");
  }
}
