// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.StructureLayout;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.Xenv;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiBridge;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiDeviceKind;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiProcessor;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.firmware.api.PsciConduit;
import org.xenolith.firmware.api.Untold;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

class AcpiTablesTest {
  private static final TableIdentity MAKER = new TableIdentity("MAKER", "BOARD", 1, "TOOL", 1);
  private static final String GIC = "/gic@1000";

  /** A table whose OEM table id says who made it. */
  private record Made(StructureLayout layout, String by) implements AcpiTableBuilder {
    @Override
    public String signature() {
      return layout.name();
    }

    @Override
    public Optional<AcpiTable> build(AcpiMachine machine) {
      return Optional.of(layout == Definition.SSDT ? Aml.table(layout, 2, MAKER.withTable(by, 1), List.of())
          : AcpiTable.of(AcpiTable.header(layout, 1, MAKER.withTable(by, 1))));
    }
  }

  /** Asks a machine something while tables are made. */
  private record Asking(Consumer<AcpiMachine> question) implements AcpiTableBuilder {
    @Override
    public String signature() {
      return "ASKS";
    }

    @Override
    public Optional<AcpiTable> build(AcpiMachine machine) {
      question.accept(machine);
      return Optional.empty();
    }
  }

  /** Devices with names that begin with a prefix. */
  private record Kind(String prefix) implements AcpiDeviceKind {
    @Override
    public List<AmlTerm> objects(AcpiMachine machine, AcpiDevice device) {
      return List.of();
    }
  }

  private static Platform platform(PlatformNode... nodes) {
    return new Platform("sample", Fdt.of(FdtBuilder.root().build()), List.of(nodes), Platform.Timing.STANDARD);
  }

  private static AcpiTables tables(Platform platform, Map<String, AcpiDeviceKind> kinds, AcpiTableBuilder... builders) {
    return AcpiTables.of(platform, new AcpiParts(List.of(builders), kinds, Map.of()), AcpiSetting.of(MAKER));
  }

  private static void ask(AcpiSetting setting, Map<String, AcpiDeviceKind> kinds, Map<String, AcpiBridgeKind> bridges, Platform platform,
      Consumer<AcpiMachine> question) {
    List<AcpiMachine> asked = new ArrayList<>();
    AcpiTables.of(platform, new AcpiParts(List.of(new Asking(question.andThen(asked::add))), kinds, bridges), setting);
    assertEquals(1, asked.size());
  }

  private static PlatformNode gic() {
    return FakeNode.at(GIC).compatible("arm,gic-400").window(0x1000, 0x1000).window(0x2000, 0x2000).build();
  }

  private static PlatformNode cpu(String name, int affinity, String method) {
    return FakeNode.at("/cpus/" + name).property(FdtProperty.ofStrings("device_type", "cpu")).cells("reg", affinity)
        .property(FdtProperty.ofStrings("enable-method", method)).build();
  }

  @Test
  void theFirstOfASignatureMakesTheTableAndAllSsdtsAreTaken() {
    AcpiTables made = tables(platform(), Map.of(), new Made(Xenv.LAYOUT, "A"), new Made(Definition.SSDT, "B"), new Made(Xenv.LAYOUT, "C"),
        new Made(Definition.SSDT, "D"), new Made(Fadt.LAYOUT, "E"));
    assertEquals(List.of("FACP E", "SSDT B", "SSDT D", "XENV A"), made.set().tables().stream().map(table -> table.signature() + " "
        + table.structure().text(TableHeader.OEM_TABLE_ID)).toList());
  }

  @Test
  void aNodeThatNobodyDescribesIsNamed() {
    PlatformNode strange = FakeNode.at("/strange@0").compatible("acme,strange").window(0, 0x1000).build();
    PlatformNode hidden = FakeNode.at("/hidden@0").compatible("xenolith,hidden").build();
    PlatformNode bus = FakeNode.at("/bus").compatible("acme,bus", "simple-bus").build();
    assertEquals(List.of(new Untold("/strange@0", "no installed bundle describes acme,strange in ACPI",
        "boot by device tree, or install a bundle that does")), tables(platform(strange, hidden, bus), Map.of()).untold());
    assertEquals(List.of(), tables(platform(strange), Map.of(), new Asking(machine -> machine.told(strange))).untold());
  }

  @Test
  void interruptsHaveTheNumberAndTheTriggerOfTheGic() {
    Platform platform = platform(gic(), FakeNode.at("/other").compatible("acme,pic").build());
    ask(AcpiSetting.of(MAKER), Map.of(), Map.of(), platform, machine -> {
      assertEquals(Optional.of(new AcpiInterrupt(33, false, false)), machine.interrupt(new InterruptSpecifier(GIC, new int[] {0, 1, 4})));
      assertEquals(Optional.of(new AcpiInterrupt(48, true, false)), machine.interrupt(new InterruptSpecifier(GIC, new int[] {0, 16, 1})));
      assertEquals(Optional.of(new AcpiInterrupt(27, false, true)),
          machine.interrupt(new InterruptSpecifier(GIC, new int[] {1, 11, 0xf08})));
      assertEquals(Optional.of(new AcpiInterrupt(4097, true, true)), machine.interrupt(new InterruptSpecifier(GIC, new int[] {2, 1, 2})));
      assertEquals(Optional.empty(), machine.interrupt(new InterruptSpecifier(GIC, new int[] {0, 1, 0})));
      assertEquals(Optional.empty(), machine.interrupt(new InterruptSpecifier(GIC, new int[] {4, 1, 4})));
      assertEquals(Optional.empty(), machine.interrupt(new InterruptSpecifier("/other", new int[] {0, 1, 4})));
    });
  }

  @Test
  void interruptsOfIoApicsAreNumberedThroughInTheOrderOfTheirAddresses() {
    PlatformNode second = FakeNode.at("/io@2000").compatible("intel,ce4100-ioapic").window(0x2000, 0x1000).build();
    PlatformNode first = FakeNode.at("/io@1000").compatible("intel,ce4100-ioapic").window(0x1000, 0x1000).build();
    PlatformNode local = FakeNode.at("/lapic").compatible("intel,ce4100-lapic").window(0xfee0_0000L, 0x10_0000).build();
    ask(AcpiSetting.of(MAKER), Map.of(), Map.of(), platform(second, first, local), machine -> {
      assertEquals(Optional.of(new AcpiInterrupt(4, true, false)), machine.interrupt(new InterruptSpecifier("/io@1000", new int[] {4, 0})));
      assertEquals(Optional.of(new AcpiInterrupt(25, false, true)), machine.interrupt(new InterruptSpecifier("/io@2000", new int[] {1,
          1})));
      assertEquals(Optional.of(new AcpiInterrupt(9, false, false)), machine.interrupt(new InterruptSpecifier("/io@1000", new int[] {9,
          2})));
      assertEquals(Optional.of(new AcpiInterrupt(23, true, true)), machine.interrupt(new InterruptSpecifier("/io@1000", new int[] {23,
          3})));
      assertEquals(Optional.empty(), machine.interrupt(new InterruptSpecifier("/io@1000", new int[] {24, 0})));
      assertEquals(Optional.empty(), machine.interrupt(new InterruptSpecifier("/io@1000", new int[] {1, 4})));
      assertTrue(machine.pinsAreActiveLow());
    });
    ask(AcpiSetting.of(MAKER), Map.of(), Map.of(), platform(gic()), machine -> assertFalse(machine.pinsAreActiveLow()));
  }

  @Test
  void oneThatHasNoTableForTheMachineLeavesItToTheNextOfItsSignature() {
    AcpiTableBuilder none = new AcpiTableBuilder() {
      @Override
      public String signature() {
        return Xenv.LAYOUT.name();
      }

      @Override
      public Optional<AcpiTable> build(AcpiMachine machine) {
        return Optional.empty();
      }
    };
    AcpiTables made = tables(platform(), Map.of(), none, new Made(Xenv.LAYOUT, "A"), new Made(Xenv.LAYOUT, "B"));
    assertEquals(List.of("A"), made.set().tables().stream().map(table -> table.structure().text(TableHeader.OEM_TABLE_ID)).toList());
  }

  @Test
  void anInterruptOfAnotherControllerEndsTheListAndIsNamed() {
    PlatformNode device = FakeNode.at("/device").compatible("acme,device").interrupt(GIC, 0, 1, 4).interrupt("/other", 3).build();
    AcpiTables tables = tables(platform(gic(), device), Map.of(), new Asking(machine -> assertEquals(
        List.of(new AcpiInterrupt(33, false, false)), machine.interrupts(device))));
    String untold = tables.untold().toString();
    assertTrue(untold.contains("/device: its interrupt /other[3] is none of a GIC or I/O APIC, with a trigger; wire it to one"), untold);
  }

  @Test
  void processorsAreNumberedAndHaveMailboxesWhereThereIsNoPsci() {
    Platform platform = platform(cpu("cpu@0", 0, "spin-table"), cpu("cpu@1", 0x8100_0101, "spin-table"));
    ask(new AcpiSetting(MAKER, OptionalLong.of(0x8000_0000L)), Map.of(), Map.of(), platform, machine -> {
      assertEquals(List.of(0L, 0x101L), machine.processors().stream().map(AcpiProcessor::mpidr).toList());
      assertEquals(List.of("\\_SB.C000", "\\_SB.C001"), machine.processors().stream().map(AcpiProcessor::path).toList());
      assertEquals(List.of(0x8000_0000L, 0x8000_1000L), machine.processors().stream().map(each -> each.mailbox().orElseThrow()).toList());
      assertEquals(PsciConduit.NONE, machine.psciConduit());
      assertEquals(Optional.of("\\_SB.C001"), machine.namespacePath("/cpus/cpu@1"));
    });
  }

  @Test
  void psciIsForAllProcessorsOrForNone() {
    PlatformNode psci = FakeNode.at("/psci").compatible("arm,psci-1.0").property(FdtProperty.ofStrings("method", "smc")).build();
    ask(AcpiSetting.of(MAKER), Map.of(), Map.of(), platform(psci, cpu("cpu@0", 0, "psci")),
        machine -> assertEquals(PsciConduit.SMC, machine.psciConduit()));
    ask(AcpiSetting.of(MAKER), Map.of(), Map.of(), platform(psci, cpu("cpu@0", 0, "psci"), cpu("cpu@1", 1, "spin-table")),
        machine -> assertEquals(PsciConduit.NONE, machine.psciConduit()));
  }

  @Test
  void namesAreCountedByPrefixAndNeverGivenTwice() {
    PlatformNode first = FakeNode.at("/a@0").compatible("acme,a").build();
    PlatformNode second = FakeNode.at("/a@1").compatible("acme,a2", "acme,a").build();
    PlatformNode third = FakeNode.at("/b@0").compatible("acme,b").build();
    ask(AcpiSetting.of(MAKER), Map.of("acme,a", new Kind("AB"), "acme,b", new Kind("C")), Map.of(), platform(first, second, third,
        cpu("cpu@0", 0, "psci")), machine -> {
          assertEquals(List.of("\\_SB.AB00", "\\_SB.AB01", "\\_SB.C001"), machine.devices().stream().map(AcpiDevice::path).toList());
          assertEquals(List.of(0, 1, 1), machine.devices().stream().map(AcpiDevice::uid).toList());
        });
    String message = assertThrows(PlatformException.class, () -> tables(platform(first), Map.of("acme,a", new Kind("abcd")))).getMessage();
    assertTrue(message.contains("one to three capital letters"), message);
  }

  @Test
  void bridgesHaveTheSegmentsOfTheTopologyOrFreeOnes() {
    AcpiBridgeKind kind = (machine, node) -> Optional.of(new AcpiBridgeKind.Configuration(0x1000_0000, 0, 0xff));
    PlatformNode free = FakeNode.at("/pcie@1").compatible("acme,pcie").build();
    PlatformNode given = FakeNode.at("/pcie@2").compatible("acme,pcie").cells("linux,pci-domain", 0).build();
    ask(AcpiSetting.of(MAKER), Map.of(), Map.of("acme,pcie", kind), platform(free, given),
        machine -> assertEquals(List.of(1, 0), machine.bridges().stream().map(AcpiBridge::segment).toList()));
    PlatformNode same = FakeNode.at("/pcie@3").compatible("acme,pcie").cells("linux,pci-domain", 0).build();
    assertThrows(PlatformException.class, () -> AcpiTables.of(platform(given, same), new AcpiParts(List.of(), Map.of(), Map.of("acme,pcie",
        kind)), AcpiSetting.of(MAKER)));
  }
}
