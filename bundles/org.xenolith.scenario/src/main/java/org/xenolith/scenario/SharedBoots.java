// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.io.IOException;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.machine.control.MachineState;
import org.xenolith.scenario.file.Action;
import org.xenolith.scenario.file.Script;

/**
 * Boots that scenarios of one run have in common. Scenarios of equal machines whose first step is the same {@code expect} need it only once: the first of them boots, and the others go on from the state that it had
 * then, by a fork. What a fork isn't given stays with who boots: scenarios with disks, files, an option that attends to the run, or steps of other bundles.
 */
final class SharedBoots {
  /** Options of launches that say what the machine is and boots, and nothing else. */
  private static final List<String> PLAIN = List.of("append", "engine", "option", "kernel", "initrd", "on-reset", "cpu", "set");
  /** Most memory that such a machine has. */
  private static final long MOST = 4L << 30;

  /** What is equal of scenarios that share one. */
  private record Common(LaunchRequest launch, boolean endsAtPanic, String first) {}

  /**
   * The state behind the first step.
   *
   * @param scenario whose boot it was
   * @param launch   the machine, which may be closed
   * @param console  what the board's console had shown
   * @param counts   how many events of each kind the machine had
   * @param events   its last ones
   */
  record Boot(String scenario, Launch launch, MachineState state, Transcript console, Map<String, Long> counts, List<String> events) {}

  private final Map<Common, Integer> left = new HashMap<>();
  private final Map<Common, Boot> boots = new HashMap<>();
  /** Of each whose boot it was; scenarios may be equal, as one that is named twice. */
  private final Map<Script, String> shared = new IdentityHashMap<>();

  /** Of those that are to be run. */
  SharedBoots(List<Script> scripts) {
    scripts.forEach(script -> common(script).ifPresent(common -> left.merge(common, 1, Integer::sum)));
  }

  private static Optional<Common> common(Script script) {
    if (script.steps().isEmpty() || !(script.steps().getFirst().action() instanceof Action.Expect first) || !script.disks().isEmpty()
        || !script.files().isEmpty() || !script.consoles().stream().allMatch(String::isEmpty) || script.launch().memory().orElse(0) > MOST
        || !PLAIN.containsAll(script.launch().options().keySet()) || !script.steps().stream().allMatch(step -> isPlain(step.action()))) {
      return Optional.empty();
    }
    return Optional.of(new Common(script.launch(), script.endsAtPanic(), first.toString()));
  }

  private static boolean isPlain(Action action) {
    return switch (action) {
      case Action.Type _,Action.Expect _,Action.Wait _,Action.End _,Action.Replace _,Action.Remove _,Action.Plug _ -> true;
      case Action.FailModel _,Action.CheckDevice _,Action.CheckEvents _,Action.CheckConsole _,Action.CheckDigest _ -> true;
      case Action.NoteDigest _ -> true;
      case Action.FailDisk _,Action.OtherFault _,Action.Mend _,Action.OtherWait _,Action.OtherCheck _,Action.Save _ -> false;
      case Action.Restore _,Action.Monitor _ -> false;
    };
  }

  /** What a scenario that begins goes on from; empty if it boots. */
  Optional<Boot> of(Script script) {
    return common(script).filter(left::containsKey).map(boots::get).filter(boot -> boot.state().now() < script.virtualLimit());
  }

  /** A scenario has gone on from it. */
  void used(Script script, Boot boot) {
    shared.put(script, boot.scenario());
  }

  /** Whose boot a scenario went on from; empty if it has booted. */
  Optional<String> from(Script script) {
    return Optional.ofNullable(shared.get(script));
  }

  /** A scenario's first step has passed: others may want its state. */
  void booted(Script script, Session session) throws IOException {
    if (wanted(script)) {
      boots.put(common(script).orElseThrow(), session.boot(script.name()));
    }
  }

  /** Whether others of those that are left could go on from a scenario's boot, and have none yet. */
  boolean wanted(Script script) {
    return common(script).filter(each -> left.getOrDefault(each, 0) > 1 && !boots.containsKey(each)).isPresent();
  }

  /** A scenario is over: what nobody else wants is given back. */
  void over(Script script) {
    common(script).filter(left::containsKey).filter(each -> left.merge(each, -1, Integer::sum) == 0).map(boots::remove).ifPresent(
        boot -> boot.state().close());
  }
}
