// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.api.ModelException;

/** Asking for a CPU by its name, and reading what a bundle's file says of it. */
class CpuOptionTest {
  private static final String TOY = """
      xenolith-cpu 1
      instructions toy
      summary a toy
      compatible acme,toy acme,any
      """;

  private record Described(String name, String place, String text) implements CpuDescription {}

  private final CpuOption option = new CpuOption(List.of(new Described("toy", "acme/toy.cpu", TOY), new Described("plain", "acme/plain.cpu",
      TOY
          .replaceFirst("compatible.*\n", "")), new Described("wrong", "acme/wrong.cpu", ""), new Described("alien", "acme/alien.cpu", TOY
              .replace(
                  "acme,toy acme,any", "zeta,cpu").replace("toy\n", "alien\n"))), List.of(Map.of("service.id", 1L, "xenolith.compatible",
                      new String[] {"acme,old",
                          "acme,toy"}), Map.of("service.id", 2L, "xenolith.compatible", "zeta,cpu")));

  private LaunchRequest request(String text) {
    LaunchRequest.Builder request = RequestBuilder.of("virt");
    option.use(List.of(text), request);
    return request.build();
  }

  private String refused(String text) {
    return OptionName.onCommandLine(assertThrows(BadInput.class, () -> request(text)).getMessage());
  }

  @Test
  void aNameIsPassedToTheNodesOfCpus() {
    assertEquals(List.of("alien", "plain", "toy", "wrong"), option.candidates());
    assertEquals(Map.of("cpu", "toy"), option.cpuOptions(request("toy")));
    assertTrue(option.serves(request("toy")));
    assertFalse(option.serves(RequestBuilder.of("virt").build()));
  }

  @Test
  void whatIsNoNameIsRefusedAndANumberIsSentToTheOptionForIt() {
    assertEquals("--cpu '4': expected a CPU's name, such as alien; how many CPUs there are says --cpus 4", refused("4"));
    assertEquals("--cpu 'tyo': no bundle that is installed describes a CPU 'tyo'; there are alien, plain, toy, wrong", refused("tyo"));
    assertEquals("--cpu 'wrong': acme/wrong.cpu, line 1: the file is empty; begin with 'xenolith-cpu 1'", refused("wrong"));
  }

  @Test
  void theTreeTellsGuestsWhichCpuItIs() {
    FdtNode cpu = new FdtNode("cpu@0", List.of(FdtProperty.ofStrings("device_type", "cpu"), FdtProperty.ofStrings("compatible", "acme,old"),
        FdtProperty
            .ofCells("reg", 0)), List.of());
    FdtNode map = new FdtNode("cpu-map", List.of(), List.of());
    Fdt tree = Fdt.of(new FdtNode("", List.of(), List.of(new FdtNode("cpus", List.of(), List.of(cpu, map)))));
    Fdt shaped = option.shape(tree, request("toy"));
    assertEquals(List.of("acme,toy", "acme,any"), shaped.node("/cpus/cpu@0").orElseThrow().property("compatible").orElseThrow().strings());
    assertEquals(List.of("device_type", "compatible", "reg"), shaped.node("/cpus/cpu@0").orElseThrow().properties().stream().map(
        FdtProperty::name)
        .toList());
    assertEquals(map, shaped.node("/cpus/cpu-map").orElseThrow());
    assertEquals("--cpu 'alien': it executes alien, and the board's CPUs are acme,old; choose a CPU of that kind, or another board",
        OptionName.onCommandLine(
            assertThrows(BadInput.class, () -> option.shape(tree, request("alien"))).getMessage()));
    assertSame(tree, option.shape(tree, request("plain")), "a description that doesn't say how trees name it changes none");
  }

  @Test
  void aFileIsReadFromItsBundle(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("toy.cpu"), TOY);
    Function<String, URL> entries = path -> {
      try {
        return path.equals("cpus/toy.cpu") ? file.toUri().toURL() : path.equals("cpus/binary.cpu") ? Files.write(folder.resolve("binary"),
            new byte[] {
                (byte) 0xFF}).toUri().toURL() : null;
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    };
    CpuDescription toy = new DescribedCpu("acme", "cpus/toy.cpu", entries);
    assertEquals(List.of("toy", "acme/cpus/toy.cpu", TOY), List.of(toy.name(), toy.place(), toy.text()));
    assertEquals("acme/cpus/binary.cpu is no text in UTF-8; write it anew", assertThrows(ModelException.class, new DescribedCpu("acme",
        "cpus/binary.cpu",
        entries)::text).getMessage());
    assertEquals("acme/acme.cpu doesn't exist; correct the bundle's manifest (Provide-Capability: xenolith.cpu;file=\"PATH\")",
        assertThrows(
            ModelException.class, new DescribedCpu("acme", "acme.cpu", entries)::text).getMessage());
  }
}
