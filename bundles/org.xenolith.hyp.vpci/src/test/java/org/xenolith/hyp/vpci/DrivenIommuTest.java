// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Iommu;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.testkit.FakeNode;

/** A function that is itself an IOMMU of the hypervisor's: the hardware domain sees it, and can't change it. */
class DrivenIommuTest {
  private static final int RID = 0x08;
  private static final int COMMAND = 4;

  private final PciBoard board = new PciBoard();
  private boolean driven = true;

  DrivenIommuTest() {
    board.card(RID, 1);
    board.hypervisor.port(IommusPort.class).at(FakeNode.at("/iommu").build(), board.hypervisor.context(PciBoard.ROLE)).attach(new Guard(),
        board.hypervisor.context(PciBoard.ROLE));
  }

  private void command(int value) {
    board.write(board.dom0, PciBoard.ECAM + (RID << 12) + COMMAND, 2, value);
  }

  private long command() {
    return board.config(board.dom0, RID, COMMAND, 2);
  }

  @Test
  void writesAreLostWhileTheHypervisorDrivesIt() {
    command(4);
    assertEquals(0, command());
    assertEquals(1, board.hypervisor.context(PciBoard.ROLE).reportedEvents().stream().filter(e -> e.kind().equals("pci-refused")
        && e.text().contains("an IOMMU that the hypervisor drives")).count());
    assertEquals(0, board.give(RID, board.dom0, RID), "registered");
    command(4);
    assertEquals(0, command());
    driven = false;
    command(4);
    assertEquals(4, command());
  }

  private final class Guard implements Iommu {
    @Override
    public boolean driven() {
      return driven;
    }

    @Override
    public boolean covers(long stream) {
      return false;
    }

    @Override
    public int attach(int sbdf, long stream, Domain domain) {
      return 0;
    }

    @Override
    public void detach(int sbdf) {}

    @Override
    public int function() {
      return driven ? RID : -1;
    }
  }
}
