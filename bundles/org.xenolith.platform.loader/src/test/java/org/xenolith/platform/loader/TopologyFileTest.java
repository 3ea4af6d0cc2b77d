// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.Finding.Severity;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;

class TopologyFileTest {
  private static final ModelDescription UART = new ModelDescription("UART", "A UART.", "none", List.of(
      new Option("stuck-bit", Type.BOOLEAN, "false", "Bit 3 sticks.", true),
      new Option("fifo-depth", Type.INTEGER, "16", "Bytes.", false),
      new Option("title", Type.STRING, "", "Text.", false)));
  private static final Models MODELS = compatible -> compatible.contains("acme,uart") ? Optional.of(UART)
      : Optional.empty();

  private final PlatformLoaderComponent loader = new PlatformLoaderComponent(MODELS);
  private final Fdt tree = SampleBoard.tree();

  @TempDir
  Path folder;
  private Path dtb;
  private Path file;

  @BeforeEach
  void importSample() throws IOException {
    dtb = folder.resolve("sample.dtb");
    file = folder.resolve("sample.platform");
    Files.write(dtb, FdtWriter.write(tree));
    loader.importTree(dtb, file);
  }

  private void replace(String old, String changed) throws IOException {
    String text = Files.readString(file);
    assertTrue(text.contains(old), text);
    Files.writeString(file, text.replace(old, changed));
  }

  private PlatformException refused() {
    return assertThrows(PlatformException.class, () -> loader.read(file, Map.of()));
  }

  @Test
  void importAndExportGiveTheSameTree() {
    Path exported = folder.resolve("out.dtb");
    loader.exportTree(file, exported);
    assertEquals(tree, loader.tree(exported));
    assertEquals(tree, loader.tree(file));
  }

  @Test
  void importIsDeterministic() throws IOException {
    Path again = folder.resolve("again.platform");
    loader.importTree("sample", tree, again);
    assertEquals(Files.readString(file), Files.readString(again));
  }

  @Test
  void bothKindsOfFileGiveTheSameRecordsWhateverTheirNames() throws IOException {
    Platform fromTree = loader.read(dtb, Map.of());
    Path other = folder.resolve("sample");
    Files.move(file, other);
    assertEquals(fromTree, loader.read(other, Map.of()));
    assertEquals("sample", fromTree.name());
  }

  @Test
  void aModelledNodeOffersItsOptionsWithTheirTypesAndWithoutValues() throws IOException {
    String text = Files.readString(file);
    assertTrue(text.contains("<options xsi:type=\"platform:BooleanOption\" name=\"stuck-bit\"/>"), text);
    assertTrue(text.contains("<options xsi:type=\"platform:IntegerOption\" name=\"fifo-depth\"/>"), text);
    assertTrue(text.contains("<options xsi:type=\"platform:TextOption\" name=\"title\"/>"), text);
    assertEquals(Map.of(), loader.options(file));
    assertEquals(List.of(), loader.check(file).stream().filter(f -> f.severity() != Severity.NOTE).toList());
  }

  @Test
  void valuesOfOptionsReachTheRecordsAndTheCommandLineWins() throws IOException {
    replace("name=\"stuck-bit\"", "name=\"stuck-bit\" value=\"true\"");
    replace("name=\"fifo-depth\"", "name=\"fifo-depth\" value=\"32\"");
    replace("name=\"sample\"", "name=\"Sample\" picosecondsPerInstruction=\"250\"");
    Platform platform = loader.read(file, Map.of("/soc/uart@20", Map.of("fifo-depth", "64")));
    assertEquals(Map.of("stuck-bit", "true", "fifo-depth", "64"), platform.node("/soc/uart@20").orElseThrow().options());
    assertEquals(new Platform.Timing(250, Platform.Timing.STANDARD.quantum()), platform.timing());
    assertEquals("Sample", platform.name());
    assertEquals(Map.of("/soc/uart@20", Map.of("stuck-bit", "true", "fifo-depth", "32"),
        "/", Map.of("picoseconds-per-instruction", "250")), loader.options(file));
  }

  @Test
  void aValueOfTheWrongTypeIsRefusedWithItsPlace() throws IOException {
    replace("name=\"fifo-depth\"", "name=\"fifo-depth\" value=\"deep\"");
    assertTrue(refused().getMessage().matches(
        "(?s).*sample.platform is no usable platform:\n  /soc/uart@20: line \\d+, <options name=\"fifo-depth\">: the value 'deep' .*"),
        refused().getMessage());
  }

  @Test
  void aFileOfNeitherKindIsSaidToBeOfNeither() throws IOException {
    byte[] noise = new byte[1000];
    new Random(1).nextBytes(noise);
    Files.write(file, noise);
    assertTrue(refused().getMessage().matches(".*sample.platform is neither a devicetree blob nor a topology file: it begins with"
        + " 73 d5 1a bb instead of d0 0d fe ed .*"), refused().getMessage());
    Files.write(file, new byte[0]);
    assertTrue(refused().getMessage().contains("sample.platform is neither a devicetree blob nor a topology file: it is empty; "),
        refused().getMessage());
    PlatformException noTree = assertThrows(PlatformException.class, () -> loader.importTree(file, folder.resolve("out")));
    assertEquals(refused().getMessage(), noTree.getMessage());
  }

  @Test
  void aDamagedBlobIsSaidToBeOneAndWhere() throws IOException {
    byte[] blob = Files.readAllBytes(dtb);
    new Random(1).nextBytes(blob);
    System.arraycopy(Files.readAllBytes(dtb), 0, blob, 0, 4);
    Files.write(file, blob);
    assertTrue(refused().getMessage().matches(".*sample.platform: a damaged devicetree blob: offset 0x14: .+; .+"), refused().getMessage());
  }

  @Test
  void oneKindInThePlaceOfTheOtherIsNamed() {
    assertTrue(assertThrows(PlatformException.class, () -> loader.exportTree(dtb, folder.resolve("out"))).getMessage()
        .endsWith("sample.dtb is a devicetree blob, not a topology file; 'topology import' makes one of it"));
    assertTrue(assertThrows(PlatformException.class, () -> loader.importTree(file, folder.resolve("out"))).getMessage()
        .contains("sample.platform is no devicetree blob, but text"));
  }

  @Test
  void optionsThatTheModelDoesNotHaveAreFound() throws IOException {
    replace("name=\"stuck-bit\"", "name=\"stuck-byte\"");
    replace("platform:TextOption", "platform:BooleanOption");
    List<Finding> errors = loader.check(file).stream().filter(f -> f.severity() == Severity.ERROR).toList();
    assertEquals(2, errors.size(), errors.toString());
    assertTrue(errors.get(0).toString().matches(
        "error: /soc/uart@20: line \\d+, <options name=\"stuck-byte\">: the model UART has no option"
            + " 'stuck-byte'; use one of stuck-bit.*"));
    assertTrue(errors.get(1).toString().contains("is of type STRING, not BOOLEAN"));
  }

  @Test
  void enabledDevicesWithoutAModelAreNamed() {
    List<String> notes = loader.check(dtb).stream().filter(f -> f.severity() == Severity.NOTE).map(Finding::toString).toList();
    assertEquals(List.of("note: /intc@1000: no installed model serves acme,intc"), notes);
  }

  @Test
  void aBadPropertyLineIsRefusedWithItsPlace() throws IOException {
    replace("reg = 0x20 0x10", "reg = 32 0x10");
    String message = refused().getMessage();
    assertTrue(message.matches("(?s).*/soc/uart@20: line \\d+, <properties>: .*'32' is no cell.*"), message);
  }

  @Test
  void siblingsOfOneNameAreRefusedByPath() throws IOException {
    replace("rtc@40", "uart@20");
    assertTrue(refused().getMessage().matches("(?s).*/soc: line \\d+, <nodes name=\"uart@20\">: two child nodes are named 'uart@20'.*"),
        refused().getMessage());
  }

  @Test
  void whatIsNoTopologyFileIsRefused() throws IOException {
    for (String text : List.of("", "hello", "<a/>", "<?xml version=\"1.0\"?><platform:Node xmlns:platform=\"urn:xenolith:platform:1\"/>",
        "<?xml version=\"1.0\"?><platform:Platform xmlns:platform=\"urn:xenolith:platform:2\"/>",
        "<?xml version=\"1.0\"?><platform:Platform xmlns:platform=\"urn:xenolith:platform:1\"/>",
        "<?xml version=\"1.0\"?><platform:Platform xmlns:platform=\"urn:xenolith:platform:1\"><root kind=\"x\"/></platform:Platform>",
        "<?xml version=\"1.0\"?><platform:Platform xmlns:platform=\"urn:xenolith:platform:1\"><root href=\"file:/other#/\"/></platform:Platform>",
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b SYSTEM \"file:/etc/hostname\">]><a>&b;</a>",
        "<a xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:b file:/etc/hostname\" xmlns=\"urn:b\"/>")) {
      Files.writeString(file, text);
      String message = refused().getMessage();
      assertTrue(message.startsWith(file.toString()) && message.contains("; "), message);
      assertEquals(Severity.ERROR, loader.check(file).getFirst().severity());
    }
  }

  @Test
  void anEndlessNestIsRefused() throws IOException {
    int deep = 20_000;
    Files.writeString(file, "<?xml version=\"1.0\"?><platform:Platform xmlns:platform=\"urn:xenolith:platform:1\"><root>"
        + "<nodes name=\"a\">".repeat(deep) + "</nodes>".repeat(deep) + "</root></platform:Platform>", StandardCharsets.UTF_8);
    assertFalse(refused().getMessage().isBlank());
  }

  @Test
  void filesThatCanNotBeReadOrWrittenAreNamed() {
    for (Path bad : List.of(folder, folder.resolve("none.dtb"))) {
      PlatformException e = assertThrows(PlatformException.class, () -> loader.tree(bad));
      assertTrue(e.getMessage().startsWith(bad.toString()), e.getMessage());
    }
    assertThrows(PlatformException.class, () -> loader.importTree(dtb, folder.resolve("no/such/folder.platform")));
    assertThrows(PlatformException.class, () -> loader.importTree(file, folder.resolve("x.platform")));
    assertThrows(PlatformException.class, () -> loader.importTree("bad\u0001name", tree, folder.resolve("y.platform")));
  }
}
