// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.emf.common.util.URI;
import org.eclipse.emf.ecore.resource.ResourceSet;
import org.eclipse.emf.ecore.resource.impl.ResourceSetImpl;
import org.eclipse.emf.ecore.xmi.impl.XMIResourceImpl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.Finding.Severity;
import org.xenolith.platform.api.HostBridgeKind;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformReader;
import org.xenolith.platform.model.Platform;
import org.xenolith.platform.model.PlatformPackage;
import org.xenolith.platform.model.tree.TreeConversion;

class BoardFileTest {
  private static final String BRIDGE = """
        <choices xsi:type="platform:HostBridgeChoice" name="pcie" standard="none" node="/pcie@8000" registers="0x10000 0x1000"
            interrupts="32 8" phandle="9">
          <variants value="none"/>
          <variants value="*">
            <edits node="/" after="uart@2000">
              <nodes name="pcie@8000">
                <properties>compatible = 'pci-host-ecam-generic'</properties>
                <properties>reg = 0x0 0x8000 0x0 0x2000</properties>
                <properties>bus-range = 0x0 0x1</properties>
              </nodes>
            </edits>
          </variants>
        </choices>
        <refusals""";

  /** A kind with the given window that says one thing more of itself. */
  private record Demo(long configurationBytes) implements HostBridgeKind {
    @Override
    public List<String> compatible() {
      return List.of("acme,demo", "pci-host-ecam-generic");
    }

    @Override
    public List<FdtProperty> properties() {
      return List.of(FdtProperty.ofFlag("acme,lanes"), FdtProperty.ofCells("bus-range", 0, 0));
    }
  }

  @TempDir
  Path folder;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = Files.writeString(folder.resolve("acme.platform"), HandEditedFileTest.SOUND.replace("<refusals", BRIDGE)
        .replace("interrupts = 0x0 0x1 0x4", "interrupts = 0x1 0xd 0x108 0x0 0x1 0x104"));
  }

  private static BoardProvider board(Path file, Map<String, HostBridgeKind> kinds) {
    return PlatformLoaderComponent.plain(kinds).board(file);
  }

  private Fdt tree(int cpus, long memory, Map<String, String> requests) {
    return board(file, Map.of("demo", new Demo(0x1000), "huge", new Demo(0x4000))).tree(new BoardRequest(cpus, memory, requests));
  }

  private void refused(String message, int cpus, long memory, Map<String, String> requests) {
    String said = assertThrows(PlatformException.class, () -> tree(cpus, memory, requests)).getMessage();
    assertEquals(message, said.replaceFirst("^board acme: ", "").replace(" can't be had; possible:", ";"));
  }

  @Test
  void processorsAreClonedAndPrivateInterruptsOfAGicNameThemAll() {
    Fdt tree = tree(3, 0, Map.of());
    assertEquals(List.of("cpu@0", "cpu@1", "cpu@2"), tree.node("/cpus").orElseThrow().children().stream().map(FdtNode::name).toList());
    assertEquals(2, tree.node("/cpus/cpu@2").orElseThrow().property("reg").orElseThrow().cell(0));
    assertArrayEquals(new int[] {1, 13, 0x708, 0, 1, 0x104}, tree.node("/uart@2000").orElseThrow().property("interrupts").orElseThrow()
        .cells());
    assertEquals(1, tree(0, 0, Map.of()).node("/cpus").orElseThrow().children().size());
    refused("5 CPUs; 1 to 4", 5, 0, Map.of());
  }

  @Test
  void anyTreeCanHaveFewerProcessorsAndAnotherSizeOfMemory() throws IOException {
    Path blob = Files.write(folder.resolve("acme.dtb"), FdtWriter.write(tree(4, 0, Map.of())));
    BoardProvider board = board(blob, Map.of());
    Fdt tree = board.tree(new BoardRequest(2, 48 << 20, Map.of()));
    assertEquals(2, tree.node("/cpus").orElseThrow().children().size());
    assertArrayEquals(new int[] {0x4000_0000, 48 << 20}, tree.node("/memory@40000000").orElseThrow().property("reg").orElseThrow().cells());
    assertTrue(assertThrows(PlatformException.class, () -> board.tree(new BoardRequest(5, 0, Map.of()))).getMessage().contains("1 to 4"));
    assertTrue(assertThrows(PlatformException.class, () -> board.tree(new BoardRequest(0, 8L << 30, Map.of()))).getMessage().contains(
        "addresses in its tree have 32 bits"));
    assertTrue(assertThrows(PlatformException.class, () -> board.tree(new BoardRequest(0, 0, Map.of("gic", "3")))).getMessage().contains(
        "its file has no choices"));
  }

  /** As a quarter of the trees of Linux for arm64: firmware adds the node. */
  @Test
  void aTreeWithoutMemoryGetsItWhereNothingElseIs() throws IOException {
    assertEquals(List.of("memory@40000000 0x40000000 0x20000000"), banks("", 512L << 20));
    assertEquals(List.of("memory@80000000 0x80000000 0x20000000"), banks("dma@50000000 { reg = <0x50000000 0x1000>; };", 512L << 20),
        "a device is there");
    assertEquals(List.of("memory@c0000000 0xc0000000 0x10000000"), banks("""
        pcie@1000 { device_type = "pci"; ranges = <0x02000000 0 0x40000000 0x40000000 0 0x80000000>; };""", 256L << 20),
        "what a host bridge passes on is no RAM");
    assertEquals(List.of("memory@80000000 0x80000000 0x20000000"), banks("""
        reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges; modem@85800000 { reg = <0x85800000 0x100000>; no-map; }; };""",
        512L << 20), "what is reserved is RAM");
    assertEquals(List.of("memory@80000000 0x80000000 0x20000000"), banks(
        "memory { device_type = \"memory\"; }; x@40000000 { reg = <0x40000000 4>; };",
        512L << 20), "a node that says nothing");
    assertEquals(List.of("memory@20000000 0x20000000 0x20000000"), banks("memory@20000000 { device_type = \"memory\"; };", 512L << 20),
        "its name says it");
    assertEquals(List.of("memory@20000000 0x20000000 0x20000000"), banks(
        "memory@20000000 { device_type = \"memory\"; reg = <0x20000000 0>; };", 512L << 20), "only its size is left to firmware");
  }

  private List<String> banks(String nodes, long bytes) throws IOException {
    return banks("#address-cells = <1>; #size-cells = <1>;", nodes, bytes);
  }

  private List<String> banks(String cells, String nodes, long bytes) throws IOException {
    Path source = Files.writeString(folder.resolve("bare.dts"), "/dts-v1/; / { " + cells + " " + nodes + " };");
    return board(source, Map.of()).tree(new BoardRequest(0, bytes, Map.of())).root().children().stream().filter(node -> node.has(
        "device_type")
        && node.property("device_type").orElseThrow().string().equals("memory")).map(node -> node.name() + Arrays.stream(node.property(
            "reg")
            .orElseThrow().cells()).mapToObj(" 0x%x"::formatted).collect(Collectors.joining())).toList();
  }

  @Test
  void moreThanSizesOf32BitsHoldIsInPieces() throws IOException {
    assertEquals(List.of("memory@40000000 0x0 0x40000000 0x80000000 0x0 0xc0000000 0x80000000 0x1 0x40000000 0x40000000"), banks(
        "#address-cells = <2>; #size-cells = <1>;", "", 5L << 30));
    assertTrue(assertThrows(PlatformException.class, () -> banks("", 4L << 30)).getMessage().contains("#address-cells = <2>"));
  }

  @Test
  void memoryIsWithinTheBoardsLimits() {
    refused("16777216 bytes of memory; whole MiB from 32 MiB to 2 GiB", 0, 16 << 20, Map.of());
    refused("4294967296 bytes of memory; whole MiB from 32 MiB to 2 GiB", 0, 4L << 30, Map.of());
    refused("33554433 bytes of memory; whole MiB from 32 MiB to 2 GiB", 0, (32 << 20) + 1, Map.of());
  }

  /** As PCs have it: below 4 GiB are devices, and what finds no room there is above. */
  @Test
  void memoryGoesOnBehindAHole() throws IOException {
    Files.writeString(file, Files.readString(file).replace("<properties>interrupt-parent",
        "<properties>xenolith,memory-hole = 0x0 0x48000000"
            + " 0x0 0x80000000</properties><properties>interrupt-parent"));
    assertArrayEquals(new int[] {0x4000_0000, 0x800_0000}, bank(128L << 20), "up to the hole");
    assertArrayEquals(new int[] {0x4000_0000, 0x800_0000, 0x8000_0000, 0x10_0000}, bank(129L << 20));
    assertArrayEquals(new int[] {0x4000_0000, 0x800_0000, 0x8000_0000, 0x7800_0000}, bank(2L << 30));
    Files.writeString(file, Files.readString(file).replace("0x0 0x80000000</properties>", "0x1 0x0</properties>"));
    assertTrue(assertThrows(PlatformException.class, () -> tree(0, 2L << 30, Map.of())).getMessage().contains("have 32 bits"));
  }

  private int[] bank(long memory) {
    return tree(0, memory, Map.of()).node("/memory@40000000").orElseThrow().property("reg").orElseThrow().cells();
  }

  @Test
  void editsAreMadeInPlaceAndWhereTheyAreToStand() {
    FdtNode plain = tree(0, 0, Map.of()).node("/uart@2000").orElseThrow();
    assertEquals(List.of("compatible", "reg", "interrupts", "mac"), plain.properties().stream().map(FdtProperty::name).toList());
    FdtNode fast = tree(0, 0, Map.of("mode", "fast")).node("/uart@2000").orElseThrow();
    assertEquals(List.of("compatible", "reg", "acme,fast", "interrupts", "mac", "acme,clock"), fast.properties().stream().map(
        FdtProperty::name).toList());
    assertTrue(tree(0, 0, Map.of("mode", "fast")).node("/rtc@4000").isPresent(), "what a choice implies");
    assertFalse(tree(0, 0, Map.of("rtc", "on")).node("/uart@2000").orElseThrow().has("acme,clock"), "a condition that doesn't hold");
    refused("mode=fast; mode=plain, or rtc=on", 0, 0, Map.of("mode", "fast", "rtc", "off"));
  }

  @Test
  void countsAndNumbersAreChecked() {
    assertTrue(tree(0, 0, Map.of("slots", "0")).node("/slot@3000").isEmpty());
    assertTrue(tree(0, 0, Map.of("slots", "1")).node("/slot@3000").isPresent());
    assertFalse(tree(0, 0, Map.of("seed", "none")).node("/chosen").orElseThrow().has("kaslr-seed"));
    assertEquals(FdtProperty.ofU64("kaslr-seed", 0x12L), tree(0, 0, Map.of("seed", "12")).node("/chosen").orElseThrow().property(
        "kaslr-seed").orElseThrow());
    refused("option 'slots=2'; a decimal number, 0 to 1", 0, 0, Map.of("slots", "2"));
    assertEquals(tree(0, 0, Map.of("seed", "12")), tree(0, 0, Map.of("seed", "0x12")));
    refused("option 'seed=0y1'; none, or up to 16 hexadecimal digits", 0, 0, Map.of("seed", "0y1"));
    refused("option 'mode=slow'; mode=plain|fast", 0, 0, Map.of("mode", "slow"));
    refused("option 'mood=fast'; mode=plain|fast, rtc=off|on, slots=N, seed=none|HEX, pcie=none|demo|huge", 0, 0, Map.of("mood", "fast"));
  }

  @Test
  void aHostBridgeIsAnyKindThatIsInstalled() {
    Fdt tree = tree(0, 0, Map.of("pcie", "demo"));
    FdtNode bridge = tree.node("/pcie@8000").orElseThrow();
    assertEquals(List.of(FdtProperty.ofStrings("compatible", "acme,demo", "pci-host-ecam-generic"), FdtProperty.ofU64("reg", 0x8000,
        0x1000), FdtProperty.ofCells("bus-range", 0, 0), FdtProperty.ofFlag("acme,lanes")), bridge.properties());
    assertTrue(tree(0, 0, Map.of("pcie", "none")).node("/pcie@8000").isEmpty());
    refused("option 'pcie=other'; pcie=none|demo|huge", 0, 0, Map.of("pcie", "other"));
    refused("option 'pcie=*'; pcie=none|demo|huge", 0, 0, Map.of("pcie", "*"));
    refused("pcie=huge; a board that has 0x4000 bytes for the configuration window; this one has 0x2000", 0, 0, Map.of("pcie", "huge"));
  }

  /** As a PC has it, where a bridge of the generic kind is reached by ports besides. */
  @Test
  void aKindThatTheBoardHasEditsForIsOneKind() throws IOException {
    Files.writeString(file, Files.readString(file).replace("<variants value=\"none\"/>",
        "<variants value=\"none\"/><variants value=\"huge\"/>"));
    refused("option 'pcie=other'; pcie=none|demo|huge", 0, 0, Map.of("pcie", "other"));
  }

  @Test
  void aKindThatThrowsIsNamed() {
    BoardProvider board = board(file, Map.of("bad", new HostBridgeKind() {
      @Override
      public List<String> compatible() {
        throw new IllegalStateException("oops");
      }

      @Override
      public long configurationBytes() {
        return 1;
      }
    }));
    String said = assertThrows(PlatformException.class, () -> board.tree(new BoardRequest(0, 0, Map.of("pcie", "bad")))).getMessage();
    assertEquals("board acme: pcie=bad: the bundle of that host bridge failed: java.lang.IllegalStateException: oops; mend it, or choose"
        + " another", said);
    PlatformReader reader = PlatformLoaderComponent.plain(Map.of());
    assertEquals(List.of(), ((PlatformLoaderComponent) reader).check(file).stream().filter(f -> f.severity() == Severity.ERROR).toList());
  }

  /** The file is a file of the topology model: EMF, which the workbench has, reads the same. */
  @Test
  void theModelReadsTheSame() throws IOException {
    ResourceSet resources = new ResourceSetImpl();
    resources.getPackageRegistry().put(PlatformPackage.eNS_URI, PlatformPackage.eINSTANCE);
    XMIResourceImpl resource = new XMIResourceImpl(URI.createURI("memory:/acme.platform"));
    resources.getResources().add(resource);
    resource.load(new ByteArrayInputStream(Files.readString(file).getBytes(StandardCharsets.UTF_8)), Map.of());
    Platform platform = (Platform) resource.getContents().getFirst();
    assertEquals(tree(0, 0, Map.of()), TreeConversion.toTree(platform));
    assertEquals(List.of("mode", "rtc", "slots", "seed", "pcie"), platform.getChoices().stream().map(c -> c.getName()).toList());
    assertEquals(4, platform.getMostCpus());
    assertEquals(Optional.of("/uart@2000"), platform.getChoices().getFirst().getVariants().get(1).getEdits().stream().map(e -> e.getNode())
        .findFirst());
  }
}
