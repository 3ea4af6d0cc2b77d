// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import org.xenolith.machine.api.BusAccess;
import org.xenolith.machine.api.MessageInput;

/** Who makes the accesses of a {@link FakeContext}; as in a machine, nobody while none is being answered. */
final class FakeAccess implements BusAccess {
  /** Whose the following accesses are. */
  int cpu;
  boolean secure;
  boolean privileged = true;
  private boolean answering;
  private long requester = MessageInput.NO_ID;

  /** What is done while an access is being answered. */
  interface Answer {
    long give();
  }

  /** Has an access of the CPU answered. */
  long answer(Answer answer) {
    boolean outer = answering;
    answering = true;
    try {
      return answer.give();
    } finally {
      answering = outer;
    }
  }

  /** Has a bus master's message answered, which may come within a CPU's access. */
  void message(long device, Runnable answer) {
    boolean outer = answering;
    answering = false;
    requester = device;
    try {
      answer.run();
    } finally {
      answering = outer;
      requester = MessageInput.NO_ID;
    }
  }

  @Override
  public int cpu() {
    return answering ? cpu : NO_CPU;
  }

  @Override
  public boolean secure() {
    return answering && secure;
  }

  @Override
  public boolean privileged() {
    return answering && privileged;
  }

  @Override
  public long requester() {
    return requester;
  }
}
