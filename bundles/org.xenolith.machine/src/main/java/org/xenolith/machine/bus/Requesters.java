// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.bus;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.DmaTranslator;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.RequesterId;

/**
 * Who is who among bus masters: what the fabric tells SMMUs and interrupt controllers about each, and what translates its
 * addresses. What the tree says about that is permanent; SMMU models come and go.
 */
public final class Requesters {
  private final Platform platform;
  private final AddressSpace space;
  private final BusMaster memory;
  private final Initiator initiator;
  private final EventLog events;
  private final Map<String, Translation> translations = new HashMap<>();

  public Requesters(Platform platform, AddressSpace space, BusMaster memory, Initiator initiator, EventLog events) {
    this.platform = platform;
    this.space = space;
    this.memory = memory;
    this.initiator = initiator;
    this.events = events;
  }

  /**
   * The way to memory of one requester behind a node.
   *
   * @throws org.xenolith.machine.api.ModelException if the node's maps are malformed or name what isn't there
   */
  public DmaPort port(PlatformNode node, int requester) {
    try {
      RequesterId stream = RequesterId.stream(platform, node, requester).orElse(null);
      RequesterId device = RequesterId.message(platform, node, requester).orElse(null);
      return new RequesterPort(space, memory, initiator, stream == null ? null : at(stream.at().path()), stream == null ? 0 : stream.id(),
          device);
    } catch (PlatformException broken) {
      throw new ModelException(broken.getMessage());
    }
  }

  /** An SMMU comes. */
  public void attach(String path, DmaTranslator translator, Consumer<Throwable> failure) {
    Translation translation = at(path);
    translation.translator = translator;
    translation.failure = failure;
  }

  /** An SMMU went away: nothing passes it. */
  public void detach(String path) {
    Translation translation = at(path);
    translation.translator = null;
    translation.failure = null;
  }

  private Translation at(String path) {
    return translations.computeIfAbsent(path, Translation::new);
  }

  /** The permanent place of one SMMU. */
  final class Translation {
    private final String path;
    private DmaTranslator translator;
    private Consumer<Throwable> failure;

    private Translation(String path) {
      this.path = path;
    }

    long translate(long stream, long address, boolean write) {
      DmaTranslator now = translator;
      if (now == null) {
        throw refused(stream, address, write, "no model serves it");
      }
      Consumer<Throwable> owner = failure;
      try {
        return now.translate(stream, address, write);
      } catch (ExternalAbort refused) {
        throw refused(stream, address, write, "not translated");
      } catch (RamExhausted notTheDevices) {
        throw notTheDevices;
      } catch (Throwable bug) {
        owner.accept(bug);
        throw ExternalAbort.INSTANCE;
      }
    }

    /** Whether the translator has taken a write as a message; without one {@link #translate} refuses it. */
    boolean message(long stream, long address, int size, long value) {
      DmaTranslator now = translator;
      if (now == null) {
        return false;
      }
      Consumer<Throwable> owner = failure;
      try {
        return now.message(stream, address, size, value);
      } catch (ExternalAbort refused) {
        throw refused(stream, address, true, "no message that is let through");
      } catch (RamExhausted notTheDevices) {
        throw notTheDevices;
      } catch (Throwable bug) {
        owner.accept(bug);
        throw ExternalAbort.INSTANCE;
      }
    }

    /** Whoever looks for what a device tried finds it here, whatever the guest's tables say of recording it. */
    private ExternalAbort refused(long stream, long address, boolean write, String why) {
      events.report("refused-dma", path, "stream 0x" + Long.toHexString(stream) + (write ? ", write to 0x" : ", read of 0x")
          + Long.toHexString(address) + ": " + why);
      return ExternalAbort.INSTANCE;
    }
  }
}
