// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.RunEnd;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.profile.api.ProfileRequest;
import org.xenolith.ui.workbench.Laboratory.Phase;
import org.xenolith.ui.workbench.Laboratory.Status;

class RunSentenceTest {
  private static RunRequest run(LaunchRequest.Builder launch, Optional<Path> replay) {
    return new RunRequest(launch.build(), "", true, Optional.empty(), new ProfileRequest(ProfileRequest.PERIOD, List.of()),
        Optional.empty(), Optional.empty(), replay);
  }

  private static String says(LaunchRequest.Builder launch, String guest) {
    Status said = RunSentence.runs(run(launch, Optional.empty()), guest, "virt");
    assertEquals(Phase.RUNNING, said.phase());
    return said.text();
  }

  private static Status ends(StopReason reason, int status) {
    return RunSentence.ended(new RunEnd(reason, "", 1.5, RunEnd.Sight.UNASKED, status), null);
  }

  @Test
  void whoRunsIsNamed() {
    assertEquals("debian runs on virt.", says(RequestBuilder.of("virt"), "debian"));
    assertEquals("my-Image runs on virt.", says(RequestBuilder.of("virt").kernel(Path.of("/somewhere/my-Image")), "kernel"));
    assertEquals("Firmware runs on virt.", says(RequestBuilder.of("virt"), ""));
  }

  @Test
  void domainsWithoutDom0AreNoFirmware() {
    assertEquals("The domain of a.cfg runs on virt.", says(RequestBuilder.of("virt").domUs(List.of(Path.of("x/a.cfg"))).noDom0(true), ""));
    assertEquals("The domains of a.cfg, b.cfg run on virt.", says(RequestBuilder.of("virt").domUs(List.of(Path.of("x/a.cfg"), Path.of(
        "b.cfg")))
        .noDom0(true), ""));
  }

  @Test
  void whatWentBeforeIsSaid() {
    assertEquals("tiny runs on virt, continued from kept.", says(RequestBuilder.of("virt").load(Path.of("kept")), "tiny"));
    assertEquals("The machine runs on virt, continued from kept.", says(RequestBuilder.of("virt").load(Path.of("kept")), ""));
    assertEquals("tiny runs on virt, as the journal j has it.", RunSentence.runs(run(RequestBuilder.of("virt"), Optional.of(Path.of("j"))),
        "tiny", "virt").text());
  }

  @Test
  void eachEndHasASentence() {
    assertEquals(new Status(Phase.ENDED, "The guest ended the run with exit status 0 after 1.500 virtual seconds."), ends(StopReason.EXIT,
        0));
    assertEquals(new Status(Phase.FAILED, "The guest ended the run with exit status 7 after 1.500 virtual seconds."), ends(StopReason.EXIT,
        7));
    for (StopReason reason : StopReason.values()) {
      assertTrue(ends(reason, 0).text().matches("[A-Z].{20,}\\."), () -> reason + ": " + ends(reason, 0).text());
    }
  }
}
