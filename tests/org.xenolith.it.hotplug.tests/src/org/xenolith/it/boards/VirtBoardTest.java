// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boards;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.PlatformException;

class VirtBoardTest {
  private static final long MIB = 1L << 20;

  private static Fdt tree(int cpus, long memoryMib, int gic, String... options) {
    return virt().tree(BoardRequest.of(cpus, memoryMib * MIB, Stream.concat(gic == 0 ? Stream.empty() : Stream.of("gic=" + gic), Stream.of(
        options)).toList()));
  }

  private static BoardProvider virt() {
    return InstalledProduct.get().services(BoardProvider.class).stream().filter(b -> b.name().equals("virt")).findFirst().orElseThrow();
  }

  private static FdtProperty property(Fdt fdt, String path, String name) {
    return fdt.node(path).orElseThrow().property(name).orElseThrow();
  }

  /** The bytes are those of the trees that QEMU 7.2.22 exports. */
  @Test
  void performanceMonitorsAreWhereQemuHasThem() {
    assertEquals("arm,armv8-pmuv3", property(tree(1, 512, 2), "/pmu", "compatible").string());
    assertArrayEquals(new int[] {1, 7, 0x104}, property(tree(1, 512, 2), "/pmu", "interrupts").cells());
    assertArrayEquals(new int[] {1, 7, 0xF04}, property(tree(4, 512, 2), "/pmu", "interrupts").cells());
    assertArrayEquals(new int[] {1, 7, 4}, property(tree(4, 512, 3), "/pmu", "interrupts").cells());
    assertTrue(tree(1, 512, 2, "pmu=off").node("/pmu").isEmpty());
    assertTrue(tree(1, 512, 2, "pmu=on").node("/pmu").isPresent());
  }

  @Test
  void everyVariantIsASoundTree() {
    for (int gic = 2; gic <= 3; gic++) {
      for (int cpus = 1; cpus <= 8; cpus++) {
        Fdt fdt = tree(cpus, 512, gic);
        assertEquals(fdt, FdtReader.read(FdtWriter.write(fdt)));
        FdtIndex index = fdt.index();
        assertEquals(List.of(), index.clashes());
        assertEquals(cpus, fdt.node("/cpus").orElseThrow().children().size());
        index.byPath().values().forEach(node -> node.property("clocks").ifPresent(
            clocks -> assertEquals("apb-pclk", index.byPhandle(clocks.cell(0)).orElseThrow().name())));
      }
    }
  }

  @Test
  void theMapIsThatOfTheReferenceMachine() {
    Fdt fdt = tree(1, 1024, 2);
    assertEquals(FdtProperty.ofU64("reg", 0x800_0000, 0x1_0000, 0x801_0000, 0x1_0000), property(fdt, "/intc", "reg"));
    assertEquals(FdtProperty.ofU64("reg", 0x900_0000, 0x1000), property(fdt, "serial0", "reg"));
    assertEquals(FdtProperty.ofU64("reg", 0x901_0000, 0x1000), property(fdt, "/pl031", "reg"));
    assertEquals(FdtProperty.ofU64("reg", 0x903_0000, 0x1000), property(fdt, "/pl061", "reg"));
    assertEquals(FdtProperty.ofU64("reg", 0x4000_0000, 0x4000_0000), property(fdt, "/memory", "reg"));
    assertEquals(FdtProperty.ofU64("reg", 0xa00_3e00, 0x200), property(fdt, "/virtio_mmio@a003e00", "reg"));
    assertArrayEquals(new int[] {0, 0x2f, 1}, property(fdt, "/virtio_mmio@a003e00", "interrupts").cells());
    assertArrayEquals(new int[] {0, 1, 4}, property(fdt, "/pl011", "interrupts").cells());
    assertArrayEquals(new int[] {3, 3, 0}, property(fdt, "/gpio-keys/poweroff", "gpios").cells());
    Fdt gic3 = tree(1, 1024, 3);
    assertEquals(FdtProperty.ofU64("reg", 0x800_0000, 0x1_0000, 0x80a_0000, 0xf6_0000), property(gic3, "/intc", "reg"));
  }

  @Test
  void timerFlagsNameTheCpusForGic2Only() {
    assertArrayEquals(new int[] {1, 13, 0xf04, 1, 14, 0xf04, 1, 11, 0xf04, 1, 10, 0xf04},
        property(tree(4, 512, 2), "/timer", "interrupts").cells());
    assertArrayEquals(new int[] {1, 13, 4, 1, 14, 4, 1, 11, 4, 1, 10, 4},
        property(tree(4, 512, 3), "/timer", "interrupts").cells());
  }

  @Test
  void theSeedForRandomNumbersIsLongEnoughAndTheSameInEveryRun() {
    Fdt fdt = tree(1, 512, 0);
    assertTrue(property(fdt, "/chosen", "rng-seed").length() >= 32, "Linux wants 32 bytes");
    assertArrayEquals(property(fdt, "/chosen", "rng-seed").value(),
        property(tree(4, 1024, 3), "/chosen", "rng-seed").value());
  }

  @Test
  void kernelsAreToldWhereToPutThemselvesAndAlwaysTheSame() {
    FdtProperty seed = property(tree(1, 512, 2), "/chosen", "kaslr-seed");
    assertEquals(8, seed.length());
    assertEquals(seed, property(tree(4, 1024, 3, "pcie=none", "virtualization=on"), "/chosen", "kaslr-seed"));
    assertEquals(FdtProperty.ofU64("kaslr-seed", 0x8000_0000_0000_1234L),
        property(tree(1, 512, 2, "kaslr-seed=8000000000001234"), "/chosen", "kaslr-seed"));
    assertFalse(tree(1, 512, 2, "kaslr-seed=none").node("/chosen").orElseThrow().has("kaslr-seed"));
  }

  /** As in the trees of QEMU 7.2 with and without {@code its=off}. */
  @Test
  void gic3HasPciAndItsUnlessSomebodyWantsNone() {
    Fdt fdt = tree(1, 512, 3);
    assertEquals(FdtProperty.ofU64("reg", 0x808_0000, 0x2_0000), property(fdt, "/intc/its", "reg"));
    int its = property(fdt, "/intc/its", "phandle").cell(0);
    assertArrayEquals(new int[] {0, its, 0, 0x1_0000}, property(fdt, "/pcie", "msi-map").cells());
    assertEquals(tree(1, 512, 3, "pcie=ecam", "its=on"), fdt);
    assertTrue(tree(1, 512, 3, "pcie=none").node("/pcie").isEmpty());
    assertTrue(tree(1, 512, 3, "pcie=none").node("/intc/its").isPresent());
    Fdt without = tree(1, 512, 3, "its=off");
    assertTrue(without.node("/intc").orElseThrow().children().isEmpty());
    assertFalse(without.node("/pcie").orElseThrow().has("msi-map"));
    assertTrue(tree(1, 512, 2).node("/pcie").isEmpty());
    assertTrue(tree(1, 512, 2).node("/intc").orElseThrow().children().isEmpty());
  }

  @Test
  void thePlatformBusIsWhereQemuHasItAndNothingElseIs() {
    for (int gic = 2; gic <= 3; gic++) {
      Fdt fdt = tree(1, 512, gic, "pcie=xgene");
      assertEquals(List.of("qemu,platform", "simple-bus"), property(fdt, "/platform-bus", "compatible").strings());
      assertArrayEquals(new int[] {0, 0, 0xc00_0000, 0x200_0000}, property(fdt, "/platform-bus", "ranges").cells());
      fdt.root().children().stream().flatMap(node -> node.property("reg").stream()).filter(reg -> reg.cellCount() > 1)
          .forEach(reg -> assertTrue(reg.cell(0) != 0 || reg.cell(1) >= 0xe00_0000
              || reg.cell(1) + reg.cell(3) <= 0xc00_0000, reg.toString()));
      assertTrue(tree(1, 512, gic, "platform-bus=off").node("/platform-bus").isEmpty());
    }
  }

  @Test
  void flashIsBlankAndBetweenOurPartsOnly() {
    Fdt fdt = tree(1, 512, 2);
    assertEquals(FdtProperty.ofU64("reg", 0, 0x400_0000, 0x400_0000, 0x400_0000), property(fdt, "/flash", "reg"));
    assertTrue(property(fdt, "/flash", "compatible").strings().stream().allMatch(name -> name.startsWith("xenolith,")));
    assertTrue(tree(1, 512, 2, "flash=none").node("/flash").isEmpty());
    Fdt written = tree(1, 512, 2, "flash=cfi");
    assertEquals(List.of("cfi-flash"), property(written, "/flash", "compatible").strings());
    assertEquals(4, property(written, "/flash", "bank-width").cell(0));
    assertEquals(property(fdt, "/flash", "reg"), property(written, "/flash", "reg"));
  }

  @Test
  void optionsChooseSlotsAndPsciMethod() {
    Fdt fdt = tree(1, 512, 0, "virtio=2", "psci=smc");
    assertEquals("smc", property(fdt, "/psci", "method").string());
    assertTrue(fdt.node("/virtio_mmio@a000200").isPresent());
    assertFalse(fdt.node("/virtio_mmio@a000400").isPresent());
    assertTrue(tree(1, 512, 0, "virtio=0").node("/virtio_mmio").isEmpty());
  }

  @Test
  void virtualizationShowsWhatAHypervisorNeeds() {
    Fdt gic2 = tree(2, 512, 2, "virtualization=on");
    assertEquals(FdtProperty.ofU64("reg", 0x800_0000, 0x1_0000, 0x801_0000, 0x1_0000, 0x803_0000, 0x1_0000, 0x804_0000,
        0x1_0000), property(gic2, "/intc", "reg"));
    Fdt gic3 = tree(2, 512, 3, "virtualization=on");
    for (Fdt fdt : List.of(gic2, gic3)) {
      assertArrayEquals(new int[] {1, 9, 4}, property(fdt, "/intc", "interrupts").cells());
      assertEquals("smc", property(fdt, "/psci", "method").string());
    }
    assertEquals("hvc", property(tree(1, 512, 2, "virtualization=on", "psci=hvc"), "/psci", "method").string());
    assertEquals(tree(1, 512, 2), tree(1, 512, 2, "virtualization=off"));
    assertFalse(tree(1, 512, 2).node("/intc").orElseThrow().has("interrupts"));
  }

  /** Windows that clash and references that lead nowhere would be found by no guest's message. */
  @Test
  void everyHostBridgeMakesASoundTree() {
    for (String bridge : virt().choices().get("pcie")) {
      for (int gic = 2; gic <= 3; gic++) {
        Fdt fdt = tree(1, 512, gic, "pcie=" + bridge);
        assertEquals(List.of(), fdt.index().clashes());
        assertEquals(bridge.equals("none"), fdt.node("/pcie").isEmpty());
        if (!bridge.equals("none")) {
          FdtProperty messages = fdt.node("/pcie").orElseThrow().property("msi-map")
              .or(() -> fdt.node("/pcie").orElseThrow().property("msi-parent")).orElseThrow();
          int controller = messages.cell(messages.name().equals("msi-map") ? 1 : 0);
          assertTrue(fdt.index().byPhandle(controller).orElseThrow().has("msi-controller"));
        }
      }
    }
  }

  @Test
  void xgeneHasItsClockAndWithGic2ItsMessageController() {
    Fdt fdt = tree(1, 512, 2, "pcie=xgene");
    int clock = property(fdt, "/pcie", "clocks").cell(0);
    assertEquals("apm,xgene-device-clock", fdt.index().byPhandle(clock).orElseThrow().property("compatible").orElseThrow().string());
    assertEquals(48, property(fdt, "/msi", "interrupts").cellCount());
    assertTrue(fdt.node("/intc/v2m").isEmpty());
    assertTrue(tree(1, 512, 3, "pcie=xgene").node("/msi").isEmpty());
    assertTrue(fdt.node("/pcie").orElseThrow().property("iommu-map").isEmpty());
    assertTrue(tree(1, 512, 3, "pcie=xgene", "iommu=smmuv3").node("/pcie").orElseThrow().has("iommu-map"));
  }

  @Test
  void requestsThatCanNotBeMetSayWhatIsPossible() {
    refused("1 to 8", () -> tree(-1, 512, 2));
    refused("1 to 8", () -> tree(9, 512, 2));
    refused("gic=2|3", () -> tree(1, 512, 4));
    refused("32 MiB to 255 GiB", () -> tree(1, 16, 2));
    refused("32 MiB to 255 GiB", () -> tree(1, 256 * 1024, 2));
    refused("0 to 32", () -> tree(1, 512, 2, "virtio=33"));
    refused("decimal number", () -> tree(1, 512, 2, "virtio=many"));
    refused("psci=hvc|smc", () -> tree(1, 512, 2, "psci=svc"));
    refused("pcie=none|cam|dw|dw-as-ecam|ecam|xgene|xgene-as-ecam", () -> tree(1, 512, 2, "pcie=x"));
    refused("on a board with a PCI host bridge", () -> tree(1, 512, 2, "iommu=smmuv3"));
    refused("GIC version 3", () -> tree(1, 512, 2, "pcie=xgene", "iommu=smmuv3"));
    assertTrue(tree(1, 512, 2, "pcie=xgene", "iommu=smmuv3", "virtualization=on").node("/pcie").orElseThrow().has("iommu-map"));
    refused("on a board with a PCI host bridge", () -> tree(1, 512, 3, "pcie=none", "iommu=smmuv3"));
    refused("its=off on GIC version 2", () -> tree(1, 512, 2, "its=on"));
    refused("its=on|off", () -> tree(1, 512, 3, "its=yes"));
    refused("platform-bus=on|off", () -> tree(1, 512, 3, "platform-bus=none"));
    refused("flash=none|blank|cfi", () -> tree(1, 512, 3, "flash=nand"));
    refused("16 hexadecimal digits", () -> tree(1, 512, 3, "kaslr-seed=0x1z"));
    refused("virtio=N, kaslr-seed=none|HEX", () -> tree(1, 512, 2, "flush=x"));
    refused("NAME=VALUE", () -> tree(1, 512, 2, "flash"));
    refused("pmu=on|off", () -> tree(1, 512, 2, "pmu=maybe"));
    refused("virtualization=off|on", () -> tree(1, 512, 2, "virtualization=yes"));
  }

  private static void refused(String possible, Runnable request) {
    PlatformException e = assertThrows(PlatformException.class, request::run);
    assertTrue(e.getMessage().contains(possible), e.getMessage());
  }
}
