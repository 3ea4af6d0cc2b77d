// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.scu;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PowerPort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;

/** The words that reset the board. The rest of the block is its clocks'. */
final class XgeneScu implements DeviceModel {
  private final DeviceState state = new DeviceState();
  private final PowerPort power;

  XgeneScu(DeviceContext context) {
    power = context.power();
    if (context.node().windows().isEmpty()) {
      throw new ModelException(context.instance() + ".reg: expected the controller's registers");
    }
    long base = context.node().windows().getFirst().base();
    List<RebootWord> words = RebootWord.of(context.platform(), context.node());
    words.stream().mapToLong(RebootWord::offset).distinct().forEach(offset -> context.bus().window(
        new AddressWindow(base + offset, RebootWord.BYTES), AccessRule.WORD, new Word(words, offset)));
    state.shows("words", words.stream().mapToLong(RebootWord::offset).distinct().mapToObj(offset -> ListedRegister.of("reboot",
        (int) offset,
        RebootWord.BYTES, "binding power/reset/syscon-reboot").saidBy(XgeneScu.class)).toList(), word -> OptionalLong.empty());
  }

  /** Reads as zero: what is written begins to take effect at once. */
  private final class Word implements MmioHandler {
    private final List<RebootWord> words;
    private final long offset;

    Word(List<RebootWord> words, long offset) {
      this.words = words;
      this.offset = offset;
    }

    @Override
    public long read(long at, int size) {
      return 0;
    }

    @Override
    public void write(long at, int size, long value) {
      words.stream().filter(word -> word.matches(offset, (int) value)).findFirst().ifPresent(word -> power.reset(word.path()));
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }
}
