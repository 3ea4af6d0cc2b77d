// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;

class DomainPartsTest {
  private static final class Counter extends DomainPart {
    final LongCell count = state.cell("count", 0);
    private final String made;

    Counter(int serial, int vcpus, String made) {
      super(serial, vcpus);
      this.made = made;
    }

    @Override
    protected String made() {
      return made;
    }
  }

  private final DomainsPort port = new DomainsPort();
  private final Domain third = answering(Domain.class, Map.of("serial", 3));
  private final Domain seventh = answering(Domain.class, Map.of("serial", 7));

  /** One of which nothing but this is asked. */
  private static <T> T answering(Class<T> type, Map<String, Object> answers) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (it, method, arguments) -> answers.get(method
        .getName())));
  }

  private DomainParts<Counter> parts(DeviceState state) {
    return new DomainParts<>(state, port, (serial, vcpus, made) -> made.isEmpty() || made.equals(" lines=64") ? new Counter(serial, vcpus,
        made) : null);
  }

  private StateRecord saved() {
    DeviceState state = new DeviceState();
    DomainParts<Counter> parts = parts(state);
    parts.add(new Counter(7, 1, " lines=64"), seventh).count.value = 70;
    parts.add(new Counter(3, 2, ""), third).count.value = 30;
    return state.save();
  }

  @Test
  void eachComesBackWithWhatItWasMadeWith() {
    DeviceState state = new DeviceState();
    DomainParts<Counter> parts = parts(state);
    state.restore(saved());
    Counter counter = parts.of(seventh);
    assertEquals(List.of(70L, 1L), List.of(counter.count.value, (long) counter.vcpus));
    assertEquals(" lines=64", counter.made());
    assertEquals(2, parts.of(third).vcpus);
    assertEquals(saved().toString(), state.save().toString());
  }

  @Test
  void domainsOfARecordAreFoundOnceTheCoreIsThere() {
    DeviceState state = new DeviceState();
    DomainParts<Counter> parts = parts(state);
    state.restore(saved());
    assertNull(parts.of(7).domain());
    assertEquals(2, parts.found().size());
    assertNull(parts.all().getFirst().domain());
    port.attach(answering(Domains.class, Map.of("all", List.of(third, seventh))), null);
    assertSame(seventh, parts.of(7).domain());
    assertSame(third, parts.all().getLast().domain());
  }

  @Test
  void whoIsGoneIsNotAnsweredForThoughItWasAskedForLast() {
    DomainParts<Counter> parts = parts(new DeviceState());
    Counter counter = parts.add(new Counter(3, 2, ""), third);
    assertSame(counter, parts.of(third));
    assertSame(counter, parts.of(third));
    parts.remove(counter);
    assertNull(parts.of(third));
    assertSame(parts.add(new Counter(3, 2, ""), third), parts.of(third));
    parts.removeIf(each -> each.serial == 3);
    assertNull(parts.of(third));
    assertNull(parts.of(3));
  }

  @Test
  void namesOfRecordsThatCannotBeAreRefused() {
    for (String name : List.of("3", "3 vcpus=", "3 vcpus=2 lines=65", "-3 vcpus=2", "3 vcpus=22222", "third vcpus=2")) {
      DeviceState state = new DeviceState();
      parts(state);
      DeviceState domains = new DeviceState();
      domains.children("domains", () -> {}, () -> Map.of(name, new DeviceState()), each -> new DeviceState());
      assertThrows(StateMismatch.class, () -> state.restore(domains.save()), name);
    }
    DeviceState plain = new DeviceState();
    new DomainParts<>(plain, port, (serial, vcpus) -> new Counter(serial, vcpus, ""));
    assertThrows(StateMismatch.class, () -> plain.restore(saved()));
  }
}
