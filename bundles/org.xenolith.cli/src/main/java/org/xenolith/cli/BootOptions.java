// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.nio.file.Path;
import java.util.List;
import org.xenolith.profile.api.ProfileRequest;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What {@code boot} itself can be asked for; bundles offer the rest. */
final class BootOptions {
  private BootOptions() {}

  /** Adds the board and the options to a command, in the order in which its help has them. */
  static void addTo(CommandSpec to, BootCommand boot) {
    to.addPositional(PositionalParamSpec.builder().index("0").arity("0..1").paramLabel("BOARD").defaultValue("virt").type(String.class)
        .completionCandidates(boot.boards()).setter(FieldOption.setter(String.class, given -> boot.board = given))
        .description("A board's name, or a .dtb, .dts or .platform file (default: ${DEFAULT-VALUE}).").build());
    to.addOption(FieldOption.of(Path.class, given -> boot.dtb = given, "--dtb").paramLabel("FILE")
        .description("The board's device tree; same as naming it as BOARD.").build());
    to.addOption(FieldOption.of(String.class, given -> boot.console = given, "--console").paramLabel("DOMAIN|NODE")
        .description("Show and feed the console of this domain, by name or domid, or of this node (/virtio_mmio@a000000) instead of the"
            + " board's; a domain may come later.").build());
    to.addOption(FieldOption.of(String.class, given -> boot.until = given, "--until").paramLabel("REGEX")
        .description("Stop when the console shows this. Exit code 5 if the run ends well without it.").build());
    to.addOption(FieldOption.of(WrittenLimit.class, given -> boot.limit = given, "--limit").paramLabel("VIRTUAL-SECONDS|MOMENT")
        .converters(WrittenValues.limit())
        .description(
            "Stop after this much virtual time (default: 600; at a terminal none), or at a moment as the prompt and recordings name"
                + " it: 935938248@955767450ns.").build());
    to.addOption(FieldOption.of(String.class, given -> boot.onPanic = given, "--on-panic").paramLabel("WHAT").defaultValue("stop")
        .description(
            "What follows a kernel panic on the board's console: stop, 2 virtual seconds later, with the outcome panic; or continue"
                + " (default: ${DEFAULT-VALUE}).").build());
    to.addOption(FieldOption.of(Double.class, given -> boot.hangLimit = given, "--hang-limit").paramLabel("HOST-SECONDS").defaultValue("30")
        .description("End with exit code 4 when a bundle's call takes this long and nobody is at a terminal to decide; 0 for never"
            + " (default: ${DEFAULT-VALUE}).").build());
    to.addOption(FieldOption.of(Integer.class, given -> boot.times = given, "--times").paramLabel("N").defaultValue("1")
        .description(
            "Boot so often, each time on a new machine of the same process: for measuring how long a start takes, and for finding a failure that"
                + " doesn't come each time; the run ends at the first boot that fails. The report has the host time of each boot.")
        .build());
    to.addOption(FieldOption.of(Path.class, given -> boot.report = given, "--report").paramLabel("FILE.json")
        .description(
            "Write, for scripts and CI, how the run ended, with instructions, virtual and host seconds, events, what had no model, and a digest of"
                + " all of the machine's state, the same for each run of the same.").build());
    to.addOption(FieldOption.of(Path.class, given -> boot.profile = given, "--profile").paramLabel("DIR")
        .description("Find out where guest time goes; write text, a flame graph and collapsed stacks when the run ends.").build());
    to.addOption(FieldOption.of(Long.class, given -> boot.profilePeriod = given, "--profile-period").paramLabel("N").defaultValue(""
        + ProfileRequest.PERIOD)
        .description("With --profile: look at each CPU every N instructions (default: ${DEFAULT-VALUE}).").build());
    to.addOption(OptionSpec.builder("--symbols").type(List.class).auxiliaryTypes(String.class).arity("1").paramLabel("FILE[@OFFSET]")
        .description("With --profile: names of addresses, from an ELF file or lines as in System.map, moved by OFFSET (hexadecimal)."
            + " A Linux kernel's own are found without. May be repeated.").build());
    to.addOption(FieldOption.of(Path.class, given -> boot.save = given, "--save").paramLabel("DIR")
        .description("Write a snapshot when the run ends.").build());
    to.addOption(FieldOption.of(Path.class, given -> boot.record = given, "--record").paramLabel("FILE")
        .description("Journal all outside input.").build());
    to.addOption(FieldOption.of(Path.class, given -> boot.replay = given, "--replay").paramLabel("FILE")
        .description("Take outside input from a journal. Without a board, guest or other option of the machine: as its recording was made.")
        .build());
    to.addOption(FieldOption.flag(given -> boot.stay = given, "--stay")
        .description(
            "When the run ends, stay at the monitor prompt: the machine stands as it ended, and with --history its past can be gone to. Where no"
                + " terminal is, lines of standard input are executed.").build());
    to.addOption(FieldOption.flag(given -> boot.stdin = given, "--stdin")
        .description(
            "Feed standard input to the guest's console although it is no terminal, for scripts: echo uname | xenolith boot --append xl.shell --stdin. Until it ends,"
                + " an idle guest waits as long as a clock says.").build());
    to.addOption(FieldOption.flag(given -> boot.verbose = given, "-v", "--verbose")
        .description("Tell events of the machine on standard error.").build());
  }
}
