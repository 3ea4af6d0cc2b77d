// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

class PlatformRecordsTest {
  private final FdtBuilder root = FdtBuilder.root().cells("#address-cells", 2).cells("#size-cells", 2)
      .cells("interrupt-parent", 1).strings("compatible", "acme,board");
  private final FdtBuilder soc = root.child("soc").strings("compatible", "simple-bus").cells("#address-cells", 1)
      .cells("#size-cells", 1).cells("ranges", 0, 1, 0, 0x1000_0000);
  private final Findings findings = new Findings();

  PlatformRecordsTest() {
    root.child("cpus").cells("#address-cells", 1).cells("#size-cells", 0).child("cpu@0")
        .strings("device_type", "cpu").cells("reg", 0);
    root.child("memory@40000000").strings("device_type", "memory").u64("reg", 0x4000_0000L, 0x1000_0000L);
    soc.child("gic@0").cells("phandle", 1).flag("interrupt-controller").cells("#interrupt-cells", 3)
        .cells("reg", 0, 0x1000);
    soc.child("uart@1000").strings("compatible", "arm,pl011", "arm,primecell").cells("reg", 0x1000, 0x1000)
        .cells("interrupts", 0, 1, 4);
  }

  private Platform platform(Map<String, Map<String, String>> options) {
    return PlatformRecords.of("test", Fdt.of(root.build()), options, findings);
  }

  private Platform platform() {
    return platform(Map.of());
  }

  private String refusal() {
    Fdt tree = Fdt.of(root.build());
    return assertThrows(PlatformException.class,
        () -> new PlatformLoaderComponent(compatible -> java.util.Optional.empty()).platform("test", tree, Map.of())).getMessage();
  }

  @Test
  void recordsCarryTheDerivedFacts() {
    Platform platform = platform();
    PlatformNode uart = platform.node("/soc/uart@1000").orElseThrow();
    assertEquals(List.of("arm,pl011", "arm,primecell"), uart.compatible());
    assertEquals(List.of(new AddressWindow(0x1_0000_1000L, 0x1000)), uart.windows());
    assertEquals(List.of(new InterruptSpecifier("/soc/gic@0", new int[] {0, 1, 4})), uart.interrupts());
    assertEquals("/soc", uart.parent());
    assertEquals("", platform.node("/").orElseThrow().parent());
    assertEquals("/", platform.node("/soc").orElseThrow().parent());
    assertEquals(List.of("/cpus/cpu@0"), platform.cpus().stream().map(PlatformNode::path).toList());
    assertEquals(List.of(new AddressWindow(0x4000_0000L, 0x1000_0000L)), platform.memory());
    assertEquals(List.of("/", "/soc", "/soc/gic@0", "/soc/uart@1000", "/cpus", "/cpus/cpu@0", "/memory@40000000"),
        platform.nodes().stream().map(PlatformNode::path).toList());
    assertEquals(List.of(), findings.sorted());
  }

  @Test
  void aDisabledBusDisablesWhatIsOnIt() {
    soc.strings("status", "disabled");
    soc.child("on").strings("status", "okay");
    assertFalse(platform().node("/soc/uart@1000").orElseThrow().enabled());
    assertFalse(platform().node("/soc/on").orElseThrow().enabled());
    assertTrue(platform().node("/memory@40000000").orElseThrow().enabled());
  }

  @Test
  void optionsReachTheirNodeAndTheWholePlatform() {
    Platform platform = platform(Map.of("/soc/uart@1000", Map.of("quirk", "true"),
        "/", Map.of("picoseconds-per-instruction", "500", "quantum", "0x100")));
    assertEquals(Map.of("quirk", "true"), platform.node("/soc/uart@1000").orElseThrow().options());
    assertEquals(new Platform.Timing(500, 256), platform.timing());
    assertEquals(List.of(), findings.sorted());
  }

  @Test
  void optionsThatFitNothingAreErrors() {
    platform(Map.of("/nowhere", Map.of("a", "b"), "/", Map.of("quantum", "0")));
    assertEquals(List.of("/nowhere", "/"), findings.sorted().stream().map(Finding::node).toList());
    assertTrue(findings.sorted().stream().allMatch(f -> f.severity() == Finding.Severity.ERROR));
  }

  @Test
  void faultsOfOneDeviceAreWarnings() {
    soc.child("lost@0").cells("reg", 0xffff_f000, 0x1000).cells("interrupts", 0, 1);
    PlatformNode lost = platform().node("/soc/lost@0").orElseThrow();
    assertEquals(List.of(), lost.windows());
    assertEquals(List.of(), lost.interrupts());
    assertEquals(2, findings.sorted().size());
    assertTrue(findings.sorted().stream().allMatch(f -> f.severity() == Finding.Severity.WARNING
        && f.node().equals("/soc/lost@0") && !f.remedy().isBlank()));
  }

  @Test
  void aPlatformThatCanNotBeUsedIsRefusedWithNodeFaultAndRemedy() {
    soc.child("bad").cells("compatible", 0x01020304).cells("status", 1);
    soc.child("twin").cells("phandle", 1);
    root.child("memory@48000000").strings("device_type", "memory").u64("reg", 0x4800_0000L, 0x1000_0000L);
    String message = refusal();
    for (String part : List.of("/soc/bad: property 'compatible'", "property 'status'", "both have the phandle 0x1",
        "overlaps", "; ")) {
      assertTrue(message.contains(part), message);
    }
  }

  @Test
  void missingCpusAndMemoryAreWarnings() {
    Findings empty = new Findings();
    PlatformRecords.of("empty", Fdt.of(FdtBuilder.root().build()), Map.of(), empty);
    assertEquals(2, empty.sorted().size());
    assertTrue(empty.sorted().stream().allMatch(f -> f.severity() == Finding.Severity.WARNING));
  }

  @Test
  void memoryInManyPiecesOverEachOtherIsToldInAsManyFindings() {
    long[] pieces = new long[2 * 4000];
    for (int i = 0; i < pieces.length; i += 2) {
      pieces[i] = 0x5000_0000L;
      pieces[i + 1] = 0x1000 + i;
    }
    root.child("memory@50000000").strings("device_type", "memory").u64("reg", pieces);
    root.child("memory@50000001").strings("device_type", "memory").u64("reg", pieces);
    platform();
    assertTrue(findings.sorted().size() < 8000, findings.sorted().size() + " findings");
    assertTrue(findings.sorted().stream().allMatch(f -> f.what().contains("overlaps") && f.node().startsWith("/memory@50")));
  }
}
