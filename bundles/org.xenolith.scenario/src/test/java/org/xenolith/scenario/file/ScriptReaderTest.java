// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

class ScriptReaderTest {
  /** An option that a bundle of a third party might bring. */
  private record Scheduler() implements LaunchOption {
    @Override
    public OptionDescription description() {
      return OptionDescription.of("sched", Form.TEXT, "Hypervisor", 1000);
    }

    @Override
    public void use(List<String> texts, LaunchRequest.Builder request) {
      if (!texts.getFirst().startsWith("credit")) {
        throw BadInput.at("sched", texts.getFirst(), "expected credit or credit2");
      }
      request.option("sched", texts);
    }
  }

  /** An option that puts its texts into the request, if they are such. */
  private record Plain(String name, Form form, String texts, BiConsumer<LaunchRequest.Builder, List<String>> parser) implements
      LaunchOption {
    @Override
    public OptionDescription description() {
      OptionDescription one = OptionDescription.of(name, form, "Machine", 1);
      return name.equals("set") ? one.repeated() : one;
    }

    @Override
    public void use(List<String> said, LaunchRequest.Builder request) {
      if (!said.getFirst().matches(texts)) {
        throw BadInput.at(name, said.getFirst(), "expected " + texts);
      }
      parser.accept(request, said);
    }
  }

  /** As the option of block.cloudinit makes a disk of files. */
  private record CloudInit() implements LaunchOption {
    @Override
    public OptionDescription description() {
      return OptionDescription.of("cloud-init", Form.TEXT, "Disks", 1);
    }

    @Override
    public void use(List<String> texts, LaunchRequest.Builder request) {
      request.option("disk", "cloud-init:" + texts.getFirst());
    }

    @Override
    public void check(List<String> texts, Set<String> said) {
      if (!Files.exists(Path.of(texts.getFirst().split(",")[0]))) {
        throw BadInput.at("cloud-init", texts.getFirst(), "no such file");
      }
    }
  }

  private static final List<LaunchOption> OPTIONS = List.of(new Scheduler(), new CloudInit(),
      new Plain("cpus", Form.TEXT, "[1-8]", (request, said) -> request.cpus(Integer.parseInt(said.getFirst()))),
      new Plain("memory", Form.TEXT, "\\d+[MG]?", (request, said) -> request.memory(said.getFirst().equals("256M") ? 256 << 20 : 7)),
      new Plain("gic", Form.CHOICE, "[23]", (request, said) -> request.boardOption("gic", said.getFirst())),
      new Plain("el2", Form.FLAG, LaunchOption.ON, (request, said) -> request.option("el2", said)),
      new Plain("engine", Form.CHOICE, ".*", (request, said) -> request.option("engine", said)),
      new Plain("set", Form.TEXT, ".*", (request, said) -> request.option("set", said)));
  private static final String HEAD = "guest: {name: tiny}\nsteps:\n";
  @TempDir
  Path folder;

  private Script read(String text, Map<String, String> properties) {
    try {
      Path file = Files.writeString(folder.resolve("a.scenario"), text);
      return new ScriptReader(new Kinds(Map.of("domain", Set.of("name", "state")), Map.of("link", Set.of("port")), Map.of("break", Set.of(
          "cpu"))), OPTIONS).read(file,
              properties);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Script read(String text) {
    return read(text, Map.of());
  }

  /** A scenario means by a word what the command line means by it: 512 is MiB there, and no number of bytes here. */
  @Test
  void keysOfAPlatformAreTheOptionsOfThoseNames() {
    Script script = read("platform: {memory: 512, el2: false}\n" + HEAD + "  - wait: 1s\n");
    assertEquals(OptionalLong.of(7), script.launch().memory(), "as the option reads it");
    assertFalse(script.launch().has("el2"));
    refused("platform: {gic: 4}\n" + HEAD + "  - wait: 1s\n", "a.scenario:1: gic '4': expected [23]");
    refused("platform: {cpus: [1, 2]}\n" + HEAD + "  - wait: 1s\n", "a.scenario:1:");
  }

  /** What is said of a text; without the folder. */
  @Test
  void aProgramMayBeSaidToLieSomewhere() {
    Script script = read("""
        guest: {kernel: u-boot.bin, kernel-address: 0x40200000, entry: 0x40200040}
        steps: [{end: poweroff}]
        """);
    assertEquals(List.of("0x40200000"), script.launch().option("kernel-address"));
    assertEquals(List.of("0x40200040"), script.launch().option("entry"));
  }

  @Test
  void cloudInitIsToldByFilesBesideTheScenarioOrBroughtAlong() throws IOException {
    Files.writeString(folder.resolve("user"), "#cloud-config");
    assertEquals(List.of("cloud-init:" + folder.resolve("user")), read("cloud-init: user\n" + HEAD + "  - wait: 1s\n").launch().option(
        "disk"));
    assertEquals(List.of("cloud-init:" + folder.resolve("user") + ",meta-data=" + folder.resolve("meta") + ",network-config=" + folder
        .resolve(
            "net")), read("cloud-init: {user-data: user, network-config: net, meta-data: meta}\n" + HEAD + "  - wait: 1s\n").launch()
                .option(
                    "disk"));
    Script brought = read("files: {it: '#cloud-config'}\ncloud-init: '${files}/it'\n" + HEAD + "  - wait: 1s\n");
    assertEquals(List.of("cloud-init:" + brought.folder().resolve("it")), brought.launch().option("disk"));
  }

  @Test
  void whatCloudInitCanNotBeToldIsRefusedWithItsLine() {
    refused(HEAD + "  - wait: 1s\ncloud-init: nowhere\n", "a.scenario:4: cloud-init 'nowhere': no such file");
    refused(HEAD + "  - wait: 1s\ncloud-init:\n  meta-data: meta\n", "a.scenario:5: the key 'user-data' is missing");
    refused(HEAD + "  - wait: 1s\ncloud-init: {user-data: a, vendor-data: b}\n", "a.scenario:4: unknown key 'vendor-data'");
    refused(HEAD + "  - wait: 1s\ncloud-init: 'a,b'\n", "a.scenario:4:", "has no comma in its path");
    refused("platform:\n  cloud-init: user\n" + HEAD + "  - wait: 1s\n", "a.scenario:2: 'cloud-init' stands beside 'platform:'");
  }

  private String refused(String text) {
    String says = assertThrows(BadInput.class, () -> read(text)).getMessage();
    return says.replace(folder + "/", "");
  }

  private void refused(String text, String begin, String... parts) {
    String says = refused(text);
    assertTrue(says.startsWith(begin), says);
    for (String part : parts) {
      assertTrue(says.contains(part), says);
    }
  }

  @Test
  void everyPartOfAScenarioIsRead() {
    Script script = read("""
        description: all of it
        properties: {count: 3, who: tiny}
        limit: {virtual: 2min, host: 30s}
        within: 5s
        platform: {board: virt, cpus: 2, memory: 256M, gic: 3, el2: true, engine: interpreter, set: '/rtc:epoch-seconds=0',
          functions: {/virtio@1: 'virtio:1'}, options: ['pcie=none', 'its=off']}
        guest: {name: '${who}', append: 'a b'}
        hypervisor: {domus: [one.cfg], options: {sched: credit2}}
        disks:
          - {image: d.img, mode: readonly}
          - random: {seed: -7, size: 1M}
          - {image: d.iso, drive: cdrom, pci: '1.0'}
          - {image: d.img, mode: write, drive: scsi}
        steps:
          - expect: 'tick ${count}$'
          - type: "ls\\n"
            on: /uart@1
          - wait: 250us
          - end: poweroff
            within: 100ms
          - replace: b.blk
            version: 1.0.1
            times: 5
            every: 2ms
          - remove: b.uart
          - plug: extra.jar
          - fault: model
            bundle: b.rtc
            on: read
          - fault: disk
            disk: 1
            sectors: 0-7
          - fault: link
            port: 1
          - check: device
            node: /rtc@1
            present: false
          - check: event
            kind: model-failed
            at-least: 1
          - check: console
            lacks: 'WARNING'
          - digest: d
          - check: digest
            equals: d
          - check: domain
            name: one
            state: running
          - save: s
          - restore: s
          - monitor: xl list
            answers: one
        """);
    assertEquals("a", script.name());
    assertEquals(120_000_000_000L, script.virtualLimit());
    assertEquals(30_000_000_000L, script.hostLimit());
    assertEquals(5, script.line());
    assertEquals(OptionalInt.of(2), script.launch().cpus());
    assertEquals(OptionalLong.of(256 << 20), script.launch().memory());
    assertEquals(List.of("/rtc:epoch-seconds=0"), script.launch().option("set"));
    assertEquals(List.of("/virtio@1=virtio:1"), script.launch().option("function"));
    assertEquals(Map.of("gic", "3", "pcie", "none", "its", "off"), script.launch().boardOptions());
    assertEquals(Optional.of("tiny"), script.launch().guest());
    assertTrue(script.launch().has("hypervisor") && script.launch().has("el2"));
    assertEquals(List.of(folder.resolve("one.cfg").toString()), script.launch().option("domu"));
    Map<String, List<String>> others = new HashMap<>(script.launch().options());
    others.keySet().removeAll(Set.of("option", "hypervisor", "el2", "domu"));
    assertEquals(Map.of("engine", List.of("interpreter"), "set", List.of("/rtc:epoch-seconds=0"), "function", List.of("/virtio@1=virtio:1"),
        "sched", List.of("credit2"), "append",
        List.of("a b")), others);
    assertEquals(List.of(new Disk(Optional.of(folder.resolve("d.img")), 0, 0, ",readonly"),
        new Disk(Optional.empty(), -7, 1 << 20, ""), new Disk(Optional.of(folder.resolve("d.iso")), 0, 0, ",cdrom,pci=1.0"),
        new Disk(Optional.of(folder.resolve("d.img")), 0, 0, ",write,scsi")), script.disks());
    assertEquals(Set.of("", "/uart@1"), script.consoles());

    List<Action> actions = script.steps().stream().map(Step::action).toList();
    Action.Expect expect = assertInstanceOf(Action.Expect.class, actions.get(0));
    assertEquals("tick 3$", expect.pattern().pattern());
    assertEquals(5_000_000_000L, expect.within());
    assertEquals(List.of(
        new Action.Type("/uart@1", "ls\n"), new Action.Wait(250_000), new Action.End(Action.Manner.POWEROFF, 100_000_000),
        new Action.Replace("b.blk", Optional.empty(), Optional.of("1.0.1"), 5, 2_000_000), new Action.Remove("b.uart"),
        new Action.Plug("extra.jar", Optional.of(folder.resolve("extra.jar"))), new Action.FailModel("b.rtc", true, false),
        new Action.FailDisk(1, 0, 7, true, true), new Action.OtherFault("link", Map.of("port", "1"), OptionalLong.empty()),
        new Action.CheckDevice("/rtc@1", false, Optional.empty()), new Action.CheckEvents("model-failed", 1, Long.MAX_VALUE)),
        actions.subList(1, 12));
    assertEquals(List.of(new Action.NoteDigest("d"), new Action.CheckDigest("d"),
        new Action.OtherCheck("domain", Map.of("name", "one", "state", "running")), new Action.Save("s"), new Action.Restore("s")),
        actions.subList(13, 18));
    assertEquals("check device /rtc@1", script.steps().get(10).text());
    assertEquals(16, script.steps().get(1).line());
  }

  @Test
  void anUnknownKeyIsToldWithItsLineAndTheKnownOnes() {
    refused(HEAD + "  - expect: x\n    whitin: 3s\n", "a.scenario:4: unknown key 'whitin'", "expect, on, within");
    refused("guest: {name: tiny}\nstepz: []\n", "a.scenario:2: unknown key 'stepz'", "steps");
    refused("platform:\n  cpus: 1\n  gicc: 2\nguest: {name: tiny}\nsteps: []\n", "a.scenario:3: unknown key 'gicc'", "cpus", "gic");
    refused(HEAD + "  - expct: x\n", "a.scenario:3: unknown step 'expct'", "expect");
    refused(HEAD + "  - check: domian\n    name: x\n", "a.scenario:3: unknown check 'domian'", "device", "domain");
    refused(HEAD + "  - check: domain\n    stat: x\n", "a.scenario:4: unknown key 'stat'", "name, state");
  }

  @Test
  void aValueThatMakesNoSenseIsToldWithItsLine() {
    refused(HEAD + "  - wait: soon\n", "a.scenario:3: 'soon'", "100ms");
    refused(HEAD + "  - expect: '('\n", "a.scenario:3: '('", "position");
    refused(HEAD + "  - end: poweroff\n    status: 3\n", "a.scenario:4", "status");
    refused(HEAD + "  - end: bang\n", "a.scenario:3: 'bang'", "poweroff, reset, idle or exit");
    refused("platform: {cpus: 9}\n" + HEAD + "  - wait: 1s\n", "a.scenario:1: cpus '9': expected [1-8]");
    refused("platform: {memory: lots}\n" + HEAD + "  - wait: 1s\n", "a.scenario:1: memory 'lots': expected");
    refused("platform: {el2: maybe}\n" + HEAD + "  - wait: 1s\n", "a.scenario:1: 'maybe'", "true or false");
    refused(HEAD + "  - replace: b\n    version: new\n", "a.scenario:4: 'new'", "1.0.1");
    refused(HEAD + "  - check: event\n    kind: x\n", "a.scenario:3:", "at-least");
    refused(HEAD + "  - check: console\n", "a.scenario:3:", "shows");
    refused(HEAD + "  - fault: disk\n", "a.scenario:3:", "no disk");
    refused("disks: [{random: {seed: 1, size: 8M}}]\n" + HEAD + "  - fault: disk\n    sectors: 9-3\n", "a.scenario:5: '9-3'", "0-15");
    refused("disks: [{}]\n" + HEAD + "  - wait: 1s\n", "a.scenario:1:", "image");
    refused("guest: {name: tiny, kernel: Image}\nsteps: [{wait: 1s}]\n", "a.scenario:1:", "exclude");
  }

  @Test
  void whatIsMissingIsTold() {
    refused("guest: {name: tiny}\n", "a.scenario:1: the key 'steps' is missing");
    refused("guest: {name: tiny}\nsteps: []\n", "a.scenario:2: there is no step");
    refused("steps: [{wait: 1s}]\n", "a.scenario:1: it is not said what to boot", "guest:");
    refused("", "a.scenario:1: the file is empty");
    refused(HEAD + "  - restore: never\n", "a.scenario:3: nothing was saved as 'never'");
    refused(HEAD + "  - check: digest\n    equals: never\n", "a.scenario:4:", "digest: NAME");
    refused(HEAD + "  - type: '${who}'\n", "a.scenario:3: ${who} is not said", "-D who=VALUE");
  }

  @Test
  void whatIsNoYamlIsToldWithItsLine() {
    refused(HEAD + "  - expect: 'open\n", "a.scenario:", "no YAML");
    refused("name: deep\nsteps: " + "[".repeat(20_000) + "]".repeat(20_000) + "\n", "a.scenario:2: nested deeper than 100 levels");
    refused(HEAD + "  - wait: 1s\n\t- wait: 2s\n", "a.scenario:4: no YAML");
    refused("just a text", "a.scenario:1: expected a mapping");
    refused(HEAD + "  - wait: 1s\n    wait: 2s\n", "a.scenario:4: the key 'wait' is said twice");
    refused("steps: &a [*a]\nguest: {name: tiny}\n", "a.scenario:1:");
    String says = assertThrows(BadInput.class, () -> new ScriptReader(new Kinds(Map.of(), Map.of(), Map.of()), OPTIONS).read(folder.resolve(
        "none"),
        Map.of()))
        .getMessage();
    assertTrue(says.contains("there is no"), says);
  }

  @Test
  void theCommandLineOverridesTheDefaultsOfProperties() {
    String text = "properties: {n: 1}\n" + HEAD + "  - expect: 'tick ${n}'\n";
    assertEquals("tick 1", ((Action.Expect) read(text).steps().getFirst().action()).pattern().pattern());
    assertEquals("tick 2", ((Action.Expect) read(text, Map.of("n", "2", "other", "x")).steps().getFirst().action()).pattern().pattern());
  }

  @Test
  void theJournalOfAScenarioIsReadAsItsFileWas() throws IOException {
    String text = "properties: {n: 1}\n" + HEAD + "  - expect: 'tick ${n}'\n";
    Script script = read(text, Map.of("n", "2"));
    Path journal = Files.writeString(folder.resolve("a.2.journal"), "xenolith-journal 2\ntopology 0\n" + script.source().line()
        + "\nidentification CPU=a\n");
    ScriptReader reader = new ScriptReader(new Kinds(Map.of(), Map.of(), Map.of()), OPTIONS);
    Script recorded = reader.read(journal, Map.of());
    assertEquals("a", recorded.name());
    assertEquals(script.folder(), recorded.folder());
    assertEquals(script.source(), recorded.source());
    assertEquals("tick 2", ((Action.Expect) recorded.steps().getFirst().action()).pattern().pattern());
    Files.writeString(journal, "xenolith-journal 2\ntopology 0\ncommand - virt\n");
    String says = assertThrows(BadInput.class, () -> reader.read(journal, Map.of())).getMessage();
    assertTrue(says.endsWith("a.2.journal: a journal, but none of a scenario; xenolith open FILE takes those of boot, too"), says);
  }

  @Test
  void filesThatAScenarioBringsLieInAFolderThatItsTextNames() {
    String text = """
        files:
          one.cfg: 'kernel = "${files}/Image"'
          Image: {guest: debian, part: kernel}
          disk.img: {random: {seed: 3, size: 1K}}
        hypervisor: {no-dom0: true, domus: ['${files}/one.cfg']}
        steps: [{wait: 1s}]
        """;
    Script script = read(text);
    assertEquals(List.of(new ScriptFile.Text("one.cfg", "kernel = \"" + script.folder() + "/Image\""),
        new ScriptFile.GuestPart("Image", "debian", true), new ScriptFile.RandomBytes("disk.img", 3, 1024)), script.files());
    assertEquals(List.of(script.folder().resolve("one.cfg").toString()), script.launch().option("domu"));
    assertEquals(script.folder(), read(text).folder());
    assertNotEquals(script.folder(), read(text + "# another").folder());
    refused("files: {../x: y}\n" + HEAD + "  - wait: 1s\n", "a.scenario:1:", "name");
    refused("files: {x: {guest: debian, part: disk}}\n" + HEAD + "  - wait: 1s\n", "a.scenario:1: 'disk'", "kernel or initrd");
  }

  @Test
  void onlyDomainsMayComeWithoutAGuest() {
    Script script = read("hypervisor: {no-dom0: true, domus: [a.cfg]}\nsteps: [{wait: 1s}]\n");
    assertTrue(script.launch().has("no-dom0") && script.launch().guest().isEmpty());
  }

  @Test
  void patternsThatJavaCouldNotTakeInAreRefused() {
    refused(HEAD + "  - expect: '" + "(".repeat(1500) + ")".repeat(1500) + "'\n", "a.scenario:3: ", "groups in each other");
    refused(HEAD + "  - expect: '" + "[".repeat(1500) + "a" + "]".repeat(1500) + "'\n", "a.scenario:3: ", "groups in each other");
    refused(HEAD + "  - expect: '" + "a?".repeat(20_000) + "'\n", "a.scenario:3: ", "characters");
    assertEquals("\\((a)", ((Action.Expect) read(HEAD + "  - expect: '\\((a)'\n").steps().getFirst().action()).pattern().pattern());
  }

  @Test
  void timesThatNoClockHasAreRefused() {
    for (String time : List.of("99999999999999999999s", "1e9s", "6000000min", "-1s")) {
      refused(HEAD + "  - wait: " + time + "\n", "a.scenario:3: '" + time + "': expected a duration");
    }
    assertEquals(24 * 3600 * 1_000_000_000L, ((Action.Wait) read(HEAD + "  - wait: 1440min\n").steps().getFirst().action()).time());
  }

  @Test
  void aTextThatItsPropertiesBlowUpIsRefused() {
    String says = refused("properties: {a: '" + "x".repeat(5000) + "'}\n" + HEAD + "  - type: '" + "${a}".repeat(500) + "'\n");
    assertTrue(says.startsWith("a.scenario:4: ") && says.contains("1 MiB") && says.length() < 500, says);
  }

  @Test
  void anotherVersionOfYamlIsRefusedWithItsLine() {
    refused("# a scenario\n%YAML 2.2\n---\n" + HEAD, "a.scenario:2: no YAML: version 2.2; expected %YAML 1.2");
  }

  @Test
  void aTagThatIsNoTextIsToldInPlainWords() {
    refused(HEAD + "  - !!m%99 x\n", "a.scenario:3: no YAML: a tag whose %-escapes are no UTF-8");
  }

  @Test
  void aTagThatTheLibraryThrowsAtIsRefused() {
    for (String tagged : new String[] {"!!m%20 x", "!!m3%1a", "!<%20m> {a: b}", "!!m%09 [a]"}) {
      refused(HEAD + "  - " + tagged + "\n", "a.scenario:3: no YAML: a tag that is empty, or begins or ends with a space");
    }
  }

  @Test
  void charactersThatYamlForbidsAreToldWithTheirLine() {
    refused(HEAD + "  - type: \"a\u0001\"\n", "a.scenario:3: no YAML: ", "U+0001");
    refused(HEAD + "  - type: \"\\UDEADBEEF\"\n", "a.scenario:3: no YAML: ", "escape");
    refused(HEAD + "  - type: \"\\U00200000\"\n", "a.scenario:3: no YAML: ");
  }
}
