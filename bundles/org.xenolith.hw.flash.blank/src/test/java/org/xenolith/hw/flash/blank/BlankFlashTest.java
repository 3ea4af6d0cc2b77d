// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.blank;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class BlankFlashTest {
  private final FakeContext context = new FakeContext(FakeNode.at("/flash@0").compatible("xenolith,blank-flash").window(0, 0x400_0000)
      .window(0x400_0000, 0x400_0000).build());

  @Test
  void everyByteOfEachBankIsErased() {
    context.create(new BlankFlashComponent());
    assertEquals(0xFF, context.read(0, 3, 1));
    assertEquals(0xFFFF, context.read(1, 0x3FF_FFFE, 2));
    assertEquals(0xFFFF_FFFFL, context.read(0, 0x3FF_FFFC, 4));
    assertEquals(-1, context.read(1, 0, 8));
    assertEquals(List.of(), context.reportedFaults());
  }

  @Test
  void anotherVersionReadsTheSame() {
    var model = context.create(new BlankFlashComponent());
    FakeContext next = context.successor();
    next.create(new BlankFlashComponent()).state().restore(model.state().save());
    assertEquals(0xFF, next.read(1, 5, 1));
  }

  @Test
  void aWriteIsReportedAndChangesNothing() {
    context.create(new BlankFlashComponent());
    context.write(1, 0xAA, 1, 0x98);
    assertEquals(List.of(new FakeContext.Fault(RegisterFaults.Kind.UNKNOWN_WRITE, 0xAA, 0x98)), context.reportedFaults());
    assertEquals(0xFFFF_FFFFL, context.read(1, 0xA8, 4));
  }
}
