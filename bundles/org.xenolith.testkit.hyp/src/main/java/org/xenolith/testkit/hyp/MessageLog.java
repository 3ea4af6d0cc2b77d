// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.GuestInterrupts;

/** Local APICs of all domains, which write down what they are sent. */
public final class MessageLog implements GuestInterrupts {
  private final List<String> messages = new ArrayList<>();
  /** Whether domains have theirs already. */
  public boolean ready = true;

  @Override
  public boolean has(Domain domain) {
    return ready;
  }

  @Override
  public boolean pending(Vcpu vcpu) {
    return false;
  }

  @Override
  public int acknowledge(Vcpu vcpu) {
    return -1;
  }

  @Override
  public int taskPriority(Vcpu vcpu) {
    return 0;
  }

  @Override
  public void taskPriority(Vcpu vcpu, int priority) {}

  @Override
  public void raise(Vcpu vcpu, int vector) {
    throw new AssertionError("expected a message");
  }

  @Override
  public boolean message(Domain domain, long address, int data) {
    messages.add("%d: %x %x".formatted(domain.id(), address, data));
    return true;
  }

  /** What came since it was asked last: domid, address, data. */
  public List<String> take() {
    List<String> taken = List.copyOf(messages);
    messages.clear();
    return taken;
  }
}
