// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformNode;

/** What descriptions of CPUs have in common, and what is said of wrong ones. */
class CpuFileTest {
  private static final String WHOLE = """
      # of nobody
      xenolith-cpu 1
      instructions toy
      summary a toy   of one register # and no more
      source "The Manual" 4.3
      compatible acme,toy acme,any

      value "two words" 0x1F  # five bits
      """;

  private record Described(String name, String place, String text) implements CpuDescription {}

  private static CpuFile read(String text) {
    return CpuFile.read("toy", "acme/cpus/toy.cpu", text);
  }

  private static String refused(String text) {
    return assertThrows(ModelException.class, () -> read(text)).getMessage();
  }

  @Test
  void theHeaderIsApartFromWhatTheArchitectureReads() {
    CpuFile file = read(WHOLE);
    assertEquals("toy", file.instructions());
    assertEquals("a toy of one register", file.summary());
    assertEquals("The Manual 4.3", file.source());
    assertEquals(List.of("acme,toy", "acme,any"), file.compatible());
    assertEquals(List.of(new CpuFile.Line(8, List.of("value", "two words", "0x1F"))), file.lines());
    assertEquals("two words 0x1F", file.lines().getFirst().rest(1));
    assertEquals(0x1F, file.number(file.lines().getFirst(), "0x1F", "value", 5));
    assertEquals("acme/cpus/toy.cpu, line 8: value: 0x1F is wider than 4 bits; write the value of the manual", assertThrows(
        ModelException.class,
        () -> file.number(file.lines().getFirst(), "0x1F", "value", 4)).getMessage());
    assertEquals(-1, file.number(file.lines().getFirst(), "0xFFFF_FFFF_FFFF_FFFF", "value", 64));
  }

  @Test
  void whatIsWrongHasPlaceLineAndRemedy() {
    String place = "acme/cpus/toy.cpu, line ";
    assertEquals(place
        + "1: expected 'xenolith-cpu 1', got 'xenolith-cpu 2'; begin with that line; if it says another number, the file is for another"
        + " version", refused("xenolith-cpu 2\n"));
    assertEquals(place + "1: the file is empty; begin with 'xenolith-cpu 1'", refused(""));
    assertEquals(place + "2: the file ends without a line 'summary'; add one", refused("xenolith-cpu 1\ninstructions toy\n"));
    assertEquals(place + "2: the file ends without a line 'instructions'; add one", refused("xenolith-cpu 1\nsummary toy\n"));
    assertEquals(place + "2: instructions has 2 words; write instructions and one word behind it", refused(
        "xenolith-cpu 1\ninstructions toy box\n"));
    assertEquals(place + "2: summary has 0 words; write summary and what it is behind it", refused("xenolith-cpu 1\nsummary # none\n"));
    assertEquals(place + "9: instructions is said a second time; remove this line or line 3", refused(WHOLE + "instructions toy"));
    assertEquals(place + "9: a quotation mark without its end; add it", refused(WHOLE + "value \"open"));
  }

  @Test
  void ofTwoOfOneNameNoneIsTakenInSilence() {
    CpuDescription one = new Described("toy", "acme/toy.cpu", WHOLE);
    InstalledCpus installed = new InstalledCpus(List.of(one, new Described("other", "acme/other.cpu", "")));
    assertEquals(List.of("other", "toy"), installed.names());
    assertEquals("toy", installed.named("toy").instructions());
    assertEquals("no bundle that is installed describes a CPU 'tyo'; there are other, toy", assertThrows(ModelException.class,
        () -> installed.named("tyo")).getMessage());
    InstalledCpus two = new InstalledCpus(List.of(new Described("toy", "zeta/toy.cpu", WHOLE), one));
    assertEquals("the CPU 'toy' is described by acme/toy.cpu and by zeta/toy.cpu; give one another name, or remove one", assertThrows(
        ModelException.class, () -> two.named("toy")).getMessage());
  }

  private static PlatformNode node(Map<String, String> options, FdtProperty... properties) {
    return new PlatformNode("/cpus/cpu@0", "cpu@0", "/cpus", List.of(properties), List.of(), true, List.of(), List.of(), options);
  }

  private static Optional<CpuFile> asked(PlatformNode node, String instructions) {
    return new InstalledCpus(List.of(new Described("toy", "acme/toy.cpu", WHOLE), new Described("doll", "acme/doll.cpu", WHOLE))).asked(
        node,
        new DeviceOptions() {
          @Override
          public boolean flag(String name) {
            throw new IllegalArgumentException(name);
          }

          @Override
          public long number(String name) {
            throw new IllegalArgumentException(name);
          }

          @Override
          public String text(String name) {
            return node.options().getOrDefault(name, InstalledCpus.OPTION.initial());
          }
        }, instructions);
  }

  @Test
  void theOptionNamesTheCpuAndElseTheNodesProperty() {
    FdtProperty property = FdtProperty.ofStrings("xenolith,cpu", "toy");
    assertEquals(Optional.empty(), asked(node(Map.of()), "toy"));
    assertEquals("toy", asked(node(Map.of(), property), "toy").orElseThrow().name());
    assertEquals("doll", asked(node(Map.of("cpu", "doll"), property), "toy").orElseThrow().name());
    assertEquals("/cpus/cpu@0: the CPU 'toy' executes toy, the board's executes real; choose one of those, or another board", assertThrows(
        ModelException.class, () -> asked(node(Map.of(), property), "real")).getMessage());
    assertEquals("/cpus/cpu@0: no bundle that is installed describes a CPU 'tyo'; there are doll, toy", assertThrows(ModelException.class,
        () -> asked(node(Map.of("cpu", "tyo")), "toy")).getMessage());
  }
}
