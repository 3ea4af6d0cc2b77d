// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.CoreMachine;
import org.xenolith.machine.ToyMachine;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.offers.ModelOffer;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.regs.DeviceState;

/** How long a port lasts whose type is a kit's, when the model of a provider is that kit's, too. */
class PortLifeTest {
  private final ToyMachine toy = new ToyMachine(1, Timing.STANDARD, cpu -> {});
  private final List<Object> ports = new ArrayList<>();

  /** A port that holds something of the host. */
  public static final class Held implements AutoCloseable {
    /** How often it was closed. */
    public int closed;

    @Override
    public void close() {
      closed++;
    }
  }

  /** A model that any provider can make. */
  public static final class Plain implements DeviceModel {
    private final DeviceState state = new DeviceState();

    /** @param context has a port of this model's kit */
    public Plain(DeviceContext context, List<Object> ports) {
      ports.add(context.port(Held.class));
    }

    @Override
    public DeviceState state() {
      return state;
    }

    @Override
    public void reset() {
      state.reset();
    }
  }

  /** Another bundle that has both. */
  private static final class Kit extends ClassLoader {
    Kit() {
      super(PortLifeTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(Held.class.getName()) && !name.equals(Plain.class.getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return loaded != null ? loaded : defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void portOfAKitOutlivesAProviderThatUsesTheKitsModel() throws ReflectiveOperationException {
    Class<?> plain = new Kit().loadClass(Plain.class.getName());
    ModelOffer offer = toy.offer("toy,dev", 0, "toy.provider", context -> {
      try {
        return (DeviceModel) plain.getConstructor(DeviceContext.class, List.class).newInstance(context, ports);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    });
    toy.offers.add(offer);
    CoreMachine machine = toy.device("/dev", "toy,dev", 0x9000).build();
    toy.offers.remove(offer.provider().id());
    assertEquals(1, machine.reconcile());
    toy.offers.add(offer);
    assertEquals(1, machine.reconcile());
    assertSame(ports.get(0), ports.get(1));
    machine.close();
    assertEquals(1, ports.getFirst().getClass().getField("closed").getInt(ports.getFirst()), "what it holds of the host is let go of");
  }
}
