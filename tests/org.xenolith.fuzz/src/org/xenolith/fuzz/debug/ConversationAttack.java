// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.debug;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.xenolith.debug.kit.DebuggerProtocol.Conversation;
import org.xenolith.debug.kit.DebuggerProtocol.Reaction;
import org.xenolith.debug.kit.DebuggerProtocol.Runs;
import org.xenolith.fuzz.Attack;
import org.xenolith.inspect.PlainInspector;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.machine.control.Machine;

/**
 * What somebody sends who debugs a machine that executes a small program: messages, divided by a byte 0xFF, each framed as the protocol has it, unless it begins with 0xFE: then its bytes are sent as they are.
 * Whatever it is, a machine that nothing was written to comes to what it comes to without a debugger.
 */
abstract class ConversationAttack implements Attack, Runs {
  private static final int MOST_MESSAGES = 200;
  private static final int INTERRUPTS = 1000;
  private final List<String> faults = new ArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Deque<Reaction> came = new ArrayDeque<>();
  private MachineInspector inspector;
  private final SmallProgram program = new SmallProgram();
  private Conversation conversation;
  private boolean over;
  private boolean broken;
  /** Number of the message that is worked on. */
  private int sent;

  /** A conversation with a machine, which halts it when a place is reached. */
  abstract Conversation conversation(Machine machine, MachineInspector inspector, ByteArrayOutputStream out);

  /** A message with its frame. @param number of it, from 1 on in each conversation */
  abstract byte[] framed(byte[] message, int number);

  /** Whether a message may write: memory, registers, and going on elsewhere. */
  abstract boolean writes(byte[] message);

  /** What has a machine that runs halted. */
  abstract byte[] interrupt(int number);

  /** What is wrong with what was answered to a message that wasn't raw. @param answers since it was sent */
  abstract List<String> judge(byte[] message, int number, String answers);

  @Override
  public void fresh() {
    program.close();
    faults.clear();
  }

  @Override
  public List<String> execute(byte[] input) {
    if (program.begin(faults::add)) {
      inspector = PlainInspector.make();
    }
    List<String> wrong = new ArrayList<>();
    boolean writes = talk(input, wrong);
    conversation.clear();
    if (!writes) {
      if (program.endsOtherwise()) {
        wrong.add("nothing was written, and the machine comes to another state");
      }
    }
    wrong.addAll(faults);
    faults.clear();
    return wrong;
  }

  /** Returns whether something may have been written. */
  private boolean talk(byte[] input, List<String> wrong) {
    out.reset();
    came.clear();
    over = false;
    broken = false;
    conversation = conversation(program.machine(), inspector, out);
    conversation.begin();
    boolean writes = false;
    int at = 0;
    for (sent = 1; sent <= MOST_MESSAGES && at < input.length && !over; sent++) {
      int end = at;
      while (end < input.length && (input[end] & 0xFF) != 0xFF) {
        end++;
      }
      byte[] data = Arrays.copyOfRange(input, at, end);
      at = end + 1;
      boolean raw = data.length > 0 && (data[0] & 0xFF) == 0xFE;
      writes |= raw || writes(data);
      byte[] bytes = raw ? Arrays.copyOfRange(data, 1, data.length) : framed(data, sent);
      conversation.read(bytes, bytes.length, came::add);
      for (Reaction next; !over && (next = came.poll()) != null;) {
        react(next);
      }
      if (raw) {
        // What comes behind it may be taken for its end.
        broken = true;
      } else if (!broken && !over) {
        wrong.addAll(judge(data, sent, out.toString(StandardCharsets.UTF_8)));
      }
      out.reset();
    }
    if (conversation.running() && !over) {
      came.clear();
      conversation.halted();
    }
    return writes;
  }

  private static void react(Reaction next) {
    try {
      next.react();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void look(Runnable look) {
    look.run();
  }

  @Override
  public boolean interrupt() {
    return true;
  }

  @Override
  public void refuse(String why) {
    over = true;
  }

  private void run(long instructions) {
    program.run(instructions);
    came.addFirst(conversation::halted);
    if (program.hasEnded()) {
      // It executes nothing more: who steps until it has left a range would never be told of a halt.
      byte[] interrupt = interrupt(INTERRUPTS + sent);
      conversation.read(interrupt, interrupt.length, came::addFirst);
    }
  }

  @Override
  public void go() {
    run(100);
  }

  @Override
  public void step(int cpu) {
    program.machine().step(cpu);
    run(1);
  }

  @Override
  public void halt() {
    program.machine().stop();
  }

  @Override
  public void detach() {
    over = true;
  }

  @Override
  public void kill() {
    over = true;
  }
}
