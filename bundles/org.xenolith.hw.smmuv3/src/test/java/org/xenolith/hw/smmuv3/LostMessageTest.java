// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceMemory;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Messages to where nobody takes them: the bus refuses them, and the SMMU says so (IHI 0070, 7.5). */
class LostMessageTest {
  private static final long NOWHERE = 0x1000_0000;
  private static final int EVENT_MESSAGE = 1 << 5;
  private static final int SYNC_MESSAGE = 1 << 4;
  private static final int ERROR_MESSAGE = 1 << 7;

  /** Makes the model in a context whose messages reach RAM only. */
  private static final class WithoutMessages implements DeviceModelFactory {
    private final SmmuV3Component component = new SmmuV3Component();

    @Override
    public ModelDescription description() {
      return component.description();
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      DeviceMemory memory = in(DeviceMemory.class, context.memory(), "dma", context.memory().dma());
      return component.create(in(DeviceContext.class, context, "memory", memory));
    }

    /** The same facet but for one thing that it gives. */
    private static <T> T in(Class<T> type, T facet, String name, Object given) {
      return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> method.getName()
          .equals(name) ? given : method.invoke(facet, arguments)));
    }
  }

  private Rig rig;

  @BeforeEach
  void start() {
    rig = new Rig(Rig.node(), new WithoutMessages());
  }

  @Test
  void ofASync() {
    rig.start();
    rig.command(Rig.SYNC | 1 << 12, NOWHERE);
    assertEquals(SYNC_MESSAGE, rig.read(Rig.GERROR));
    assertEquals(1, rig.errorLine().risingEdges());
    rig.command(Rig.SYNC | 1 << 12, NOWHERE);
    assertEquals(SYNC_MESSAGE, rig.read(Rig.GERROR), "active still");
    assertEquals(1, rig.errorLine().risingEdges());
    assertEquals(2, rig.read(Rig.CMDQ_CONS), "the queue goes on");
  }

  @Test
  void ofTheEventQueue() {
    rig.write64(Rig.EVENTQ_IRQ_CFG0, NOWHERE);
    rig.start();
    rig.oneEvent();
    assertEquals(EVENT_MESSAGE, rig.read(Rig.GERROR));
    assertEquals(1, rig.events());
  }

  @Test
  void ofAGlobalError() {
    rig.write64(Rig.GERROR_IRQ_CFG0, NOWHERE);
    rig.start();
    rig.command(0xFF, 0);
    assertEquals(1 | ERROR_MESSAGE, rig.read(Rig.GERROR));
    rig.write(Rig.GERRORN, 1 | ERROR_MESSAGE);
    assertEquals(0, rig.read(Rig.GERROR), "the command is still wrong, and the message lost again");
  }
}
