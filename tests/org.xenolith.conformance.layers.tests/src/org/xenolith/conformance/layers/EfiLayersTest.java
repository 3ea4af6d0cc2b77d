// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The built layers of firmware keep to {@link EfiLayerRules}. */
class EfiLayersTest {
  private static final List<BuiltBundle> BUNDLES = Checkout.bundles();
  private static final BuiltClasses CLASSES = BuiltClasses.of(BUNDLES.stream().filter(bundle -> bundle.name().startsWith(
      "org.xenolith.efi."))
      .toList());

  @Test
  void noLayerUsesAnotherProvider() {
    Layers map = Layers.ofCheckout();
    Set<String> providers = new TreeSet<>();
    BUNDLES.stream().map(BuiltBundle::name).filter(name -> map.layerOf(name).orElseThrow() == 3).forEach(providers::add);
    Set<String> layers = EfiDriver.layers(BUNDLES, CLASSES);
    assertTrue(layers.containsAll(Set.of("org.xenolith.efi.virtioblk", "org.xenolith.efi.pci", "org.xenolith.efi.collation")),
        layers::toString);
    assertTrue(providers.containsAll(layers), () -> layers + " are no providers all");
    assertEquals("", String.join("\n", EfiLayerRules.imports(layers, providers, BUNDLES)));
  }

  @Test
  void everyDriverConsumesOneBus() {
    List<EfiDriver> drivers = EfiDriver.of(BUNDLES, CLASSES);
    assertTrue(drivers.stream().map(EfiDriver::bundle).toList().containsAll(List.of("org.xenolith.efi.nvme", "org.xenolith.efi.xenbus",
        "org.xenolith.efi.fat")), drivers::toString);
    assertEquals("", String.join("\n", EfiLayerRules.violations(drivers, EfiDriver.protocols(BUNDLES))));
  }

  /** What is read from classes is what the sources say: else no rule could find anything. */
  @Test
  void whatADriverIsIsRead() {
    var protocols = EfiDriver.protocols(BUNDLES);
    List<EfiDriver> drivers = EfiDriver.of(BUNDLES, CLASSES);
    EfiDriver transport = drivers.stream().filter(each -> each.bundle().equals("org.xenolith.efi.virtio.pci")).findFirst().orElseThrow();
    assertEquals(protocols.get("PCI_IO"), transport.managed());
    assertTrue(transport.names().containsAll(List.of(protocols.get("PCI_IO"), protocols.get("VIRTIO_DEVICE"))), transport::toString);
    EfiDriver uart = drivers.stream().filter(each -> each.bundle().equals("org.xenolith.efi.pl011")).findFirst().orElseThrow();
    assertTrue(uart.tree() && uart.names().contains(uart.managed()), uart::toString);
    EfiDriver disk = drivers.stream().filter(each -> each.bundle().equals("org.xenolith.efi.virtioblk")).findFirst().orElseThrow();
    assertEquals(protocols.get("VIRTIO_DEVICE"), disk.managed(), "what a class of the kit says for it");
  }
}
