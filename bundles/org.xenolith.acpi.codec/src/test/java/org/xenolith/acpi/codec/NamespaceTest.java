// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.acpi.codec.aml.AmlReader;
import org.xenolith.acpi.codec.aml.AmlStatus;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.acpi.codec.aml.EisaId;

/** The namespace of a board that QEMU describes. */
class NamespaceTest {
  private static final AmlName UART = AmlName.of("\\_SB.COM0");

  private final AcpiTable dsdt = GoldenTables.table("bare", "DSDT");

  private AmlNamespace namespace() {
    return AmlNamespace.of(List.of(dsdt));
  }

  @Test
  void devicesAreFoundByTheirPaths() {
    assertTrue(namespace().devices().contains(UART));
    assertEquals(Optional.of("ARMH0011"), namespace().id(UART, "_HID"));
    assertEquals(Optional.of("PNP0A08"), namespace().id(AmlName.of("\\_SB.PCI0"), "_HID"));
    assertEquals(Optional.of(31L), namespace().number(AmlName.of("\\_SB.VR31"), "_UID"));
  }

  @Test
  void resourcesAreRead() {
    List<Structure> resources = namespace().resources(UART).orElseThrow();
    assertEquals(0x09000000, resources.get(0).get(Resource.FixedMemory32.BASE_ADDRESS));
    assertEquals(33, resources.get(1).all(Resource.NUMBER).getFirst().get(Resource.Number.GSIV));
    List<Structure> windows = namespace().resources(AmlName.of("\\_SB.PCI0")).orElseThrow();
    assertEquals(List.of(Resource.WORD_ADDRESS_SPACE, Resource.DWORD_ADDRESS_SPACE, Resource.DWORD_ADDRESS_SPACE,
        Resource.QWORD_ADDRESS_SPACE), windows.stream().map(Structure::layout).toList());
    assertEquals(0x3eff0000, windows.get(2).get(Resource.DwordAddressSpace.TRANSLATION));
  }

  @Test
  void theStatusOfADeviceIsChanged() {
    AcpiTable without = AmlStatus.set(dsdt, UART, 0);
    assertTrue(without.checksumIsRight());
    AmlNamespace changed = AmlNamespace.of(List.of(without));
    assertEquals(Optional.of(0L), changed.number(UART, "_STA"));
    assertEquals(namespace().devices(), changed.devices());
    // One that says so already, by a name.
    AmlName firmware = AmlName.of("\\_SB.FWCF");
    assertEquals(Optional.of(11L), namespace().number(firmware, "_STA"));
    AmlNamespace hidden = AmlNamespace.of(List.of(AmlStatus.set(dsdt, firmware, 0)));
    assertEquals(Optional.of(0L), hidden.number(firmware, "_STA"));
    assertEquals(namespace().paths().size(), hidden.paths().size());
  }

  @Test
  void aDeviceThatIsNotThereIsNamed() {
    AcpiException e = assertThrows(AcpiException.class, () -> AmlStatus.set(dsdt, AmlName.of("\\_SB.COM9"), 0));
    assertTrue(e.getMessage().contains("\\_SB.COM9"), e.getMessage());
  }

  @Test
  void aMethodThatOnlyGivesSomethingBackIsThatValue() {
    assertEquals(Optional.of(new AmlTerm.Number(0x40_1000_0000L, 8)), namespace().constant(AmlName.of("\\_SB.PCI0"), "_CBA"));
    assertEquals(Optional.empty(), namespace().value(AmlName.of("\\_SB.PCI0"), "_CBA"));
    // one that does more
    assertEquals(Optional.empty(), namespace().constant(AmlName.of("\\_SB.PCI0"), "_OSC"));
    AmlTerm value = Aml.buffer(new byte[] {0x79, 0});
    AmlNamespace own = AmlNamespace.ofTerms(List.of(Aml.device("DEV0", List.of(Aml.name("BUF0", value),
        Aml.method("_CRS", 0, List.of(Aml.name("RBUF", value), Aml.giveBack(Aml.reference("RBUF")))),
        Aml.method("_PRS", 0, List.of(Aml.giveBack(Aml.reference("BUF0")))),
        Aml.method("_SRS", 0, List.of(Aml.giveBack(Aml.reference("NONE"))))))));
    AmlName device = AmlName.of("\\DEV0");
    assertEquals(Optional.of(value), own.constant(device, "BUF0"));
    for (String name : List.of("_CRS", "_PRS")) {
      assertEquals(List.of((byte) 0x79, (byte) 0), bytes(own.constant(device, name)), name);
    }
    assertEquals(Optional.empty(), own.constant(device, "_SRS"));
  }

  private static List<Byte> bytes(Optional<AmlTerm> term) {
    byte[] bytes = term.flatMap(AmlNamespace::bytes).orElseThrow();
    return List.of(bytes[0], bytes[1]);
  }

  /** Segment counts are 1 to 255 (ACPI 6.5, 20.2.2); read as no name it was written as the number Zero. */
  @Test
  void aNameOfManySegmentsHasOneAtLeast() {
    byte[] code = {0x08, 'D', 'A', 'T', '0', 0x12, 0x04, 0x01, 0x2f, 0x00};
    AcpiTable table = AcpiTable.of(AcpiTable.header(Definition.SSDT, 2, TableIdentity.of(dsdt.structure())).add(Definition.AML, code));
    AcpiException e = assertThrows(AcpiException.class, () -> AmlReader.read(table));
    assertEquals(36 + 8, e.offset(), e.getMessage());
    assertTrue(e.what().contains("has none"), e.getMessage());
  }

  @Test
  void namesAreInTheirScopes() {
    assertEquals(AmlName.of("\\_SB.PCI0._CRS"), AmlName.of("_CRS").in(AmlName.of("\\_SB.PCI0")));
    assertEquals(AmlName.of("\\_SB.COM0"), AmlName.of("^COM0").in(AmlName.of("\\_SB.PCI0")));
    assertEquals("\\_SB.PCI0", AmlName.of("\\_SB_.PCI0").toString());
    assertFalse(AmlName.NULL.root());
  }

  @Test
  void eisaIdsAreCompressed() {
    assertEquals(0x080ad041, EisaId.number("PNP0A08"));
    assertEquals("PNP0C0F", EisaId.text(EisaId.number("PNP0C0F")));
    assertEquals("PNP0C0F", EisaId.of(new AmlTerm.Number(EisaId.number("PNP0C0F"), 4)));
    assertEquals("ACPI0013", EisaId.of(new AmlTerm.Text("ACPI0013")));
    assertNull(EisaId.of(new AmlTerm.Bytes(new byte[0])));
  }
}
