// SPDX-License-Identifier: EPL-2.0
package org.xenolith.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

class LaunchWordsTest {
  private static final LaunchWords WORDS = new LaunchWords(List.<LaunchOption>of(
      () -> OptionDescription.of("guest", Form.TEXT, "Guest", 1).value("NAME"),
      () -> OptionDescription.of("hypervisor", Form.FLAG, "Hypervisor", 2),
      () -> OptionDescription.of("history", Form.TEXT, "Debugging", 3).value("MIB").bareToo(),
      () -> OptionDescription.of("disk", Form.TEXT, "Disks", 4).value("FILE").repeated()));

  private static String refused(String... words) {
    return assertThrows(BadInput.class, () -> WORDS.said(List.of(words))).getMessage();
  }

  @Test
  void aBoardAndOptionsInBothFormsAreSaidByTheirNames() {
    assertEquals(Map.of("board", List.of("virt"), "guest", List.of("tiny"), "hypervisor", List.of(LaunchOption.ON), "history", List.of(""),
        "disk", List.of("a", "b")), WORDS.said(List.of("virt", "--guest", "tiny", "--disk=a", "--disk", "b", "--history",
            "--hypervisor")));
    assertEquals(Map.of("history", List.of("64")), WORDS.said(List.of("--history", "64")));
  }

  @Test
  void whatIsNoOptionOrLacksOrRepeatsItsTextIsRefusedByName() {
    assertTrue(refused("--guset", "tiny").contains("did you mean --guest?"));
    assertTrue(refused("--until", "x").contains("--until is no option of a launch; those of 'boot' are"));
    assertEquals("--guest: NAME is missing", refused("--guest"));
    assertEquals("--guest: NAME is missing", refused("--guest", "--hypervisor"));
    assertEquals("--guest is given once, not 'a' and 'b'", refused("--guest=a", "--guest=b"));
    assertEquals("a machine has one board, not 'virt' and 'pc'", refused("virt", "pc"));
    assertTrue(refused("--hypervisor=yes").startsWith("--hypervisor is given or not"));
  }
}
