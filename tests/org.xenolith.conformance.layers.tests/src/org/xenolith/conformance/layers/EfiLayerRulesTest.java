// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each rule finds what it is for. */
class EfiLayerRulesTest {
  private static final Map<String, String> PROTOCOLS = protocols();

  private static Map<String, String> protocols() {
    Map<String, String> protocols = new HashMap<>();
    EfiLayerRules.BUSES.forEach(bus -> protocols.put(bus, "guid of " + bus));
    protocols.put("BLOCK_IO", "guid of BLOCK_IO");
    return protocols;
  }

  private static EfiDriver driver(String bundle, String managed, String... names) {
    return new EfiDriver(bundle, bundle + ".Driver", managed, managed.startsWith("mark"), Set.of(names), true);
  }

  private static BuiltBundle bundle(String name, Map<String, String> imports, Map<String, String> exports, List<String> requires) {
    return new BuiltBundle(Path.of(name), name, "1.0.0", imports, exports, requires, "");
  }

  private static String found(EfiDriver... drivers) {
    return String.join("\n", EfiLayerRules.violations(List.of(drivers), PROTOCOLS));
  }

  @Test
  void aDriverOfOneBusAndABusDriverAreAllowed() {
    assertEquals("", found(driver("disk", "guid of VIRTIO_DEVICE", "guid of BLOCK_IO", "guid of VIRTIO_DEVICE"), driver("transport",
        "guid of PCI_IO", "guid of PCI_IO", "guid of VIRTIO_DEVICE"), driver("uart", "mark 1", "mark 1"), driver("root", "mark 2", "mark 2",
            "guid of PCI_ROOT_BRIDGE_IO"), driver("partition", "guid of BLOCK_IO", "guid of BLOCK_IO")));
  }

  @Test
  void aDriverOfTwoBusesIsFound() {
    assertEquals("disk names PCI_IO, XEN_BUS besides VIRTIO_DEVICE, which it manages: a driver consumes one bus and publishes one at most",
        found(driver("disk", "guid of VIRTIO_DEVICE", "guid of XEN_BUS", "guid of PCI_IO")));
    assertEquals(
        "fat names PCI_IO, SCSI_IO besides guid of BLOCK_IO, which it manages: a driver consumes one bus and publishes one at most",
        found(driver("fat", "guid of BLOCK_IO", "guid of SCSI_IO", "guid of PCI_IO")));
  }

  @Test
  void marksOfOthersAreFound() {
    assertEquals("disk names mark 1, the mark of uart on devices of the tree", found(driver("uart", "mark 1", "mark 1"), driver("disk",
        "guid of VIRTIO_DEVICE", "mark 1")));
    assertEquals(
        "other.Driver marks devices of the tree as uart does, by mark 1\nother names mark 1, the mark of uart on devices of the tree",
        found(driver("uart", "mark 1", "mark 1"), driver("other", "mark 1", "mark 1")));
  }

  @Test
  void whatSaysNothingIsFound() {
    assertEquals("disk.Driver doesn't say what it manages: managed() returns null", found(driver("disk", "null")));
    assertEquals("disk has no test that extends DriverContract: disk.Driver may be offered what isn't its own", found(new EfiDriver("disk",
        "disk.Driver", "guid of PCI_IO", false, Set.of(), false)));
    assertEquals(List.of("Protocol has no SCSI_IO: correct EfiLayerRules.BUSES"), EfiLayerRules.violations(List.of(), without("SCSI_IO")));
  }

  private static Map<String, String> without(String bus) {
    Map<String, String> fewer = new HashMap<>(PROTOCOLS);
    fewer.remove(bus);
    return fewer;
  }

  @Test
  void anotherProviderIsFound() {
    BuiltBundle kit = bundle("kit", Map.of(), Map.of("org.kit", "1"), List.of());
    BuiltBundle bus = bundle("bus", Map.of("org.kit", "1"), Map.of("org.bus", "1"), List.of());
    BuiltBundle good = bundle("good", Map.of("org.kit", "1", "org.good", "1"), Map.of("org.good", "1"), List.of());
    BuiltBundle bad = bundle("bad", Map.of("org.bus", "1"), Map.of(), List.of("good", "kit"));
    List<String> all = EfiLayerRules.imports(Set.of("bus", "good", "bad"), Set.of("bus", "good", "bad", "card"), List.of(kit, bus, good,
        bad));
    assertEquals(List.of("bad imports org.bus of bus: a layer finds others by protocols; what both need belongs into a kit",
        "bad requires good: a layer finds others by protocols"), all);
  }
}
