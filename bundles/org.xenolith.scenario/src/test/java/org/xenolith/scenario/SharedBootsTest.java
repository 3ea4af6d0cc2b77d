// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.scenario.file.Kinds;
import org.xenolith.scenario.file.Script;
import org.xenolith.scenario.file.ScriptReader;

class SharedBootsTest {
  private static final String HEAD = "guest: {name: tiny}\nsteps:\n  - expect: tick 3\n";
  @TempDir
  Path folder;

  private Script script(String text) throws IOException {
    Path file = Files.writeString(Files.createTempFile(folder, "one", ".scenario"), text);
    return new ScriptReader(new Kinds(Map.of("domain", Set.of("state")), Map.of(), Map.of()), List.of()).read(file, Map.of());
  }

  private boolean shared(String first, String second) throws IOException {
    List<Script> scripts = new ArrayList<>(List.of(script(first), script(second)));
    return new SharedBoots(scripts).wanted(scripts.getFirst());
  }

  @Test
  void scenariosOfEqualMachinesThatBeginWithTheSameExpectShareABoot() throws IOException {
    assertTrue(shared(HEAD + "  - expect: tick 4\n", HEAD + "  - type: x\n  - wait: 1s\n  - end: poweroff\n"));
    assertTrue(shared(HEAD + "  - replace: org.xenolith.hw.pl011\n", HEAD + "  - fault: model\n    bundle: org.xenolith.hw.pl011\n"));
  }

  @Test
  void whatDiffersBootsByItself() throws IOException {
    assertFalse(shared(HEAD, HEAD.replace("tick 3", "tick 4")), "waited for");
    assertFalse(shared(HEAD, HEAD.replace("tick 3", "tick 3\n    within: 1s")), "how long");
    assertFalse(shared(HEAD, HEAD.replace("name: tiny", "name: tiny, append: quiet")), "the guest");
    assertFalse(shared(HEAD, "on-panic: continue\n" + HEAD), "what ends it");
    assertFalse(shared(HEAD.replace("expect: tick 3", "wait: 1s"), HEAD.replace("expect: tick 3", "wait: 1s")), "no expect");
  }

  @Test
  void whatAForkMayNotBeGivenBootsByItself() throws IOException {
    for (String more : List.of("  - save: a\n", "  - monitor: regs\n", "  - check: domain\n    state: running\n", "  - mend: all\n",
        "  - expect: x\n    on: one\n")) {
      assertFalse(shared(HEAD + more, HEAD + more), more);
    }
    for (String key : List.of("hypervisor: true\n", "disks:\n  - random: {seed: 7, size: 1M}\n", "files: {a.cfg: text}\n")) {
      assertFalse(shared(key + HEAD, key + HEAD), key);
    }
  }

  @Test
  void nobodyKeepsABootForNobody() throws IOException {
    List<Script> scripts = List.of(script(HEAD), script(HEAD), script(HEAD));
    SharedBoots boots = new SharedBoots(scripts);
    boots.over(scripts.get(0));
    assertTrue(boots.wanted(scripts.get(1)), "the third could have it");
    boots.over(scripts.get(1));
    assertFalse(boots.wanted(scripts.get(2)));
    assertEquals(List.of(), scripts.stream().flatMap(each -> boots.from(each).stream()).toList());
  }
}
