// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.launch.api.LaunchRequest.Builder;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.launch.api.RunEnd.Sight;
import org.xenolith.machine.control.Hang;
import org.xenolith.machine.control.Machine.StopReason;

/** What texts of a launch are taken for, how an option and a run's end are told, and what who offers an option needn't say. */
class LaunchTextsTest {
  @Test
  void settingBelongsToANodeWhoseNameMayHaveColons() {
    assertEquals(new ModelSetting("/a:b@0", "epoch", "x=y:z"), ModelSetting.of("/a:b@0:epoch=x=y:z"));
    assertEquals(new ModelSetting("/a", "quirk", ""), ModelSetting.of("/a:quirk="));
    refused("expected NODE:OPTION=VALUE", ModelSetting::of, "", "/a", "/a:quirk", "a=b", ":a=b", "a=b:c");
  }

  @Test
  void moduleIsAKindAndAFileWithWords() {
    assertEquals(new ModuleFile("kernel", "Image", "a=b,c"), ModuleFile.of("kernel=Image,a=b,c"));
    assertEquals(new ModuleFile("ramdisk", "initrd", ""), ModuleFile.of("ramdisk=initrd"));
    refused("expected KIND=FILE[,WORDS]", ModuleFile::of, "", "Image", "=Image");
  }

  @Test
  void fileIsAddedAtAPathInTheGuest() {
    assertEquals(new AddedFile("/bin/a", "b=c"), AddedFile.of("/bin/a=b=c"));
    refused("expected GUEST-PATH=FILE", AddedFile::of, "", "/bin/a", "=a");
  }

  private interface Parser {
    Object parse(String text);
  }

  private static void refused(String says, Parser parser, String... texts) {
    for (String text : texts) {
      String message = assertThrows(BadInput.class, () -> parser.parse(text), text).getMessage();
      assertTrue(message.startsWith("'" + text + "': " + says), message);
    }
  }

  @Test
  void optionHasANameThatEveryFrontEndCanShow() {
    OptionDescription flag = OptionDescription.of("acme-speed", Form.FLAG, "Acme", 3);
    assertEquals(new OptionDescription("acme-speed", Form.FLAG, "", false, false, "", "acme-speed", "Acme", 3, true), flag);
    OptionDescription many = OptionDescription.of("speed2", Form.TEXT, "Acme", 3).value("MHZ").repeated().bareToo().words("Speed",
        "How fast.").outsideSnapshot();
    assertEquals(new OptionDescription("speed2", Form.TEXT, "MHZ", true, true, "How fast.", "Speed", "Acme", 3, false), many);
    for (String name : List.of("", "Speed", "--speed", "speed-", "a--b", "2speed", "a b")) {
      assertThrows(IllegalArgumentException.class, () -> OptionDescription.of(name, Form.TEXT, "", 0), name);
    }
  }

  /** An option that says nothing more than its description: its texts are there for the shaper of its bundle. */
  @Test
  void textsOfAnOptionStandInTheRequestUnderItsName() {
    LaunchOption option = () -> OptionDescription.of("acme-speed", Form.TEXT, "Acme", 3);
    List<String> said = new ArrayList<>();
    option.use(List.of("2", "3"), fake(Builder.class, (proxy, method, arguments) -> {
      said.add(method.getName() + " " + List.of(arguments));
      return proxy;
    }));
    assertEquals(List.of("option [acme-speed, [2, 3]]"), said);
    assertEquals(List.of(), option.candidates());
    option.check(List.of("anything"), Set.of("acme-speed", "kernel"));
    assertEquals(List.of("a", "b", "c", ""), LaunchOption.words(List.of("a  b", " c", "")));
  }

  @Test
  void oneTextOfAnOptionAndOneThatIsNotGivenAreLists() {
    LaunchRequest request = fake(LaunchRequest.class, (proxy, method, arguments) -> method.isDefault() ? InvocationHandler.invokeDefault(
        proxy, method, arguments) : Map.of("acme-speed", List.of("2")));
    assertEquals(List.of("2"), request.option("acme-speed"));
    assertEquals(List.of(), request.option("none"));
    List<Object> said = new ArrayList<>();
    fake(Builder.class, (proxy, method, arguments) -> method.isDefault() ? InvocationHandler.invokeDefault(proxy, method, arguments) : said
        .add(arguments[1]) ? proxy : null).option("acme-speed", "2");
    assertEquals(List.of(List.of("2")), said);
  }

  @Test
  void shaperLeavesAloneWhatItDoesNotSpeakOf() {
    LaunchShaper shaper = request -> true;
    Fdt tree = Fdt.of(new FdtNode("", List.of(), List.of()));
    assertEquals(Map.of(), shaper.boardOptions(null));
    assertEquals(Map.of(), shaper.cpuOptions(null));
    assertEquals(Map.of(), shaper.disks(null, null, null));
    assertFalse(shaper.startsAlone(null) || shaper.start(null, null, Optional.empty(), null, Optional.empty()));
    assertEquals(tree, shaper.shape(tree, null));
    assertFalse(shaper.resume(null, null, null));
    assertEquals(Optional.empty(), shaper.console(null));
  }

  @Test
  void endOfARunIsToldInOneWordAndInASentence() {
    assertEquals(List.of("hang", "panic", "poweroff", "guest-failed", "idle", "limit", "stopped", "fault"), List.of(new RunEnd(null, "", 0)
        .outcome(), new RunEnd(StopReason.RESET, "'oops'", 0).outcome(), end(StopReason.POWER_OFF), end(StopReason.RESET), end(
            StopReason.IDLE), end(StopReason.LIMIT), end(StopReason.STOPPED), end(StopReason.FAULT)));
    assertEquals("", new RunEnd(StopReason.STOPPED, "", 1).text());
    assertEquals("", new RunEnd(StopReason.POWER_OFF, "", 1).text());
    assertEquals("", new RunEnd(null, "", 1).text());
    assertEquals("the limit of virtual time was reached at 1.500 s", new RunEnd(StopReason.LIMIT, "", 1.5).text());
    String panic = OptionName.onCommandLine(new RunEnd(StopReason.LIMIT, "'oops'", 1).text());
    assertEquals("the guest panicked: 'oops'; the run ended at 1.000 virtual seconds (--on-panic continue lets it go on)", panic);
    assertFalse(new RunEnd(StopReason.RESET, "'oops'", 1).text().contains("on-panic"), "it went on and reset");
    Hang hang = new Hang("/uart", "org.acme", "1.0.0", "running", 3_000_000_000L, List.of());
    assertEquals("/uart: org.acme 1.0.0 has not come back for 3 s: the run was ended", RunEnd.left(hang));
    assertTrue(OptionName.onCommandLine(RunEnd.unsaved(Path.of("a"))).startsWith("--save 'a': nothing was saved"));
  }

  @Test
  void whatWasToBeSeenAndWasNotIsAnOutcomeOfItsOwnWhereAllElseWentWell() {
    assertEquals(List.of("unseen", "unseen", "limit", "idle", "guest-failed", "fault"), outcomes(Sight.UNSEEN));
    assertEquals(List.of(5, 5, 3, 1, 1, 4), codes(Sight.UNSEEN));
    assertEquals(List.of("unseen", "stopped", "limit", "idle", "guest-failed", "fault"), outcomes(Sight.BLIND));
    assertEquals(List.of(5, 0, 3, 1, 1, 4), codes(Sight.BLIND));
    assertEquals(List.of(0, 0, 0, 0, 0, 0), codes(Sight.SEEN));
    assertEquals(List.of(0, 0, 3, 1, 1, 4), codes(Sight.UNASKED));
    assertEquals(1, new RunEnd(StopReason.LIMIT, "'oops'", 1, Sight.UNSEEN).exitCode());
    assertEquals(4, new RunEnd(null, "", 1, Sight.UNSEEN).exitCode());
    assertEquals("marker", new RunEnd(null, "", 1, Sight.SEEN).outcome());
    assertEquals("", new RunEnd(null, "", 1, Sight.UNSEEN).text(), "it was told");
    assertEquals("the guest powered off after 1.500 virtual seconds and the --until text was not seen", text(StopReason.POWER_OFF,
        Sight.UNSEEN));
    assertEquals("the run was stopped after 1.500 virtual seconds and the --until text was not seen", text(StopReason.STOPPED,
        Sight.UNSEEN));
    assertEquals("the limit of virtual time was reached at 1.500 s and the --until text was not seen", text(StopReason.LIMIT,
        Sight.UNSEEN));
    assertTrue(text(StopReason.POWER_OFF, Sight.BLIND).contains("nothing of it could be seen"));
  }

  private static RunEnd exit(int status, Sight sight) {
    return new RunEnd(StopReason.EXIT, "", 1.5, sight, status);
  }

  @Test
  void theStatusThatAGuestEndsTheRunWithIsTheProgramsExitCode() {
    for (int status : List.of(0, 1, 3, 33, 255)) {
      assertEquals("exit", exit(status, Sight.UNASKED).outcome());
      assertEquals(status, exit(status, Sight.UNASKED).exitCode());
    }
    assertEquals(255, exit(-1, Sight.UNASKED).exitCode());
    assertEquals(1, exit(256, Sight.UNASKED).exitCode(), "what a process can't have must not become success");
    assertEquals("", exit(0, Sight.UNASKED).text());
    assertEquals("the guest ended the run with exit status 33 after 1.500 virtual seconds", exit(33, Sight.BLIND).text());
    assertEquals("the guest ended the run with exit status 256 after 1.500 virtual seconds; the exit code is 1", exit(256, Sight.UNASKED)
        .text());
  }

  @Test
  void successThatWasNotSeenIsNoSuccessAndFailureGoesBeforeWhatWasNotSeen() {
    assertEquals("unseen", exit(0, Sight.UNSEEN).outcome());
    assertEquals(5, exit(0, Sight.UNSEEN).exitCode());
    assertEquals("the guest ended the run with exit status 0 after 1.500 virtual seconds and the --until text was not seen", OptionName
        .onCommandLine(exit(0, Sight.UNSEEN).text()));
    assertEquals("exit", exit(33, Sight.UNSEEN).outcome());
    assertEquals(33, exit(33, Sight.UNSEEN).exitCode());
    assertEquals("marker", exit(33, Sight.SEEN).outcome());
    assertEquals(0, exit(0, Sight.BLIND).exitCode(), "it said itself that it is one");
    assertEquals(1, new RunEnd(StopReason.EXIT, "'oops'", 1, Sight.UNASKED, 0).exitCode(), "but not after a panic");
  }

  private static final List<StopReason> REASONS = List.of(StopReason.POWER_OFF, StopReason.STOPPED, StopReason.LIMIT, StopReason.IDLE,
      StopReason.RESET, StopReason.FAULT);

  private static List<String> outcomes(Sight sight) {
    return REASONS.stream().map(reason -> new RunEnd(reason, "", 1, sight).outcome()).toList();
  }

  private static List<Integer> codes(Sight sight) {
    return REASONS.stream().map(reason -> new RunEnd(reason, "", 1, sight).exitCode()).toList();
  }

  private static String text(StopReason reason, Sight sight) {
    return OptionName.onCommandLine(new RunEnd(reason, "", 1.5, sight).text());
  }

  private static String end(StopReason reason) {
    return new RunEnd(reason, "", 0).outcome();
  }

  private static <T> T fake(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
