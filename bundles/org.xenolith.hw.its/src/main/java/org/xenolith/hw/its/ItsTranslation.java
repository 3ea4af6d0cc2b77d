// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import java.util.function.Consumer;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.arm.api.LpiController;
import org.xenolith.arm.api.LpiPort;

/**
 * From DeviceID and EventID to an LPI of a redistributor, through the tables in guest memory, and the commands that fill them
 * (Arm IHI 0069H, 5.2 and 5.3). There are no caches. Entries, all of 8 bytes and valid with bit 63:
 *
 * <ul>
 * <li>device table: address of the ITT 51:8, bits of an EventID less one 4:0;
 * <li>ITT (interrupt translation table): LPI 47:16, collection 15:0;
 * <li>collection table: processor number 31:16.
 * </ul>
 */
final class ItsTranslation {
  /** Bits of a DeviceID, of an EventID and of an interrupt number. */
  private static final int ID_BITS = 16;
  private static final int IDS = 1 << ID_BITS;
  private static final int FIRST_LPI = 8192;
  private static final long ITT_ADDRESS = 0x000F_FFFF_FFFF_FF00L;

  private final DmaPort memory;
  private final EntryTable devices;
  private final EntryTable collections;
  private final LpiPort port;
  private final int redistributors;

  /** @param redistributors how many there are */
  ItsTranslation(DmaPort memory, EntryTable devices, EntryTable collections, LpiPort port, int redistributors) {
    this.memory = memory;
    this.devices = devices;
    this.collections = collections;
    this.port = port;
    this.redistributors = redistributors;
  }

  /**
   * An event's place.
   *
   * @param address of its entry in the ITT
   * @param entry   what is there
   * @param fault   why there is no place; empty if there is
   */
  private record Place(long address, long entry, String fault) {
    static Place none(String fault) {
      return new Place(0, 0, fault);
    }

    boolean isMapped() { return entry < 0; }

    int intid() {
      return (int) (entry >>> 16);
    }

    int collection() {
      return (int) entry & 0xFFFF;
    }
  }

  /** What is done with an event's LPI at a redistributor. */
  private interface Action {
    void at(LpiController lpis, int redistributor, int intid);
  }

  private Place place(long device, long event) {
    long entry = device < IDS ? devices.get(device) : 0;
    if (entry == 0) {
      return Place.none("the device isn't mapped");
    }
    if (event >>> 1 >>> (entry & 0x1F) != 0) {
      return Place.none("the event is beyond the device's table");
    }
    long address = (entry & ITT_ADDRESS) + event * EntryTable.ENTRY_BYTES;
    return new Place(address, memory.read(address, EntryTable.ENTRY_BYTES), "");
  }

  /** The redistributor of a collection, or -1. */
  private int redistributor(int collection) {
    long entry = collections.get(collection);
    return entry == 0 ? -1 : (int) (entry >>> 16) & 0xFFFF;
  }

  private void tell(Consumer<LpiController> what) {
    LpiController lpis = port.controller();
    if (lpis != null) {
      what.accept(lpis);
    }
  }

  /**
   * A message arrived: its LPI becomes pending.
   *
   * @return why nothing became pending; empty if something did
   */
  String message(long device, long event) {
    return port.controller() == null ? "the GIC takes no LPIs"
        : safely(() -> atRedistributor(place(device, event), LpiController::setPending));
  }

  /**
   * Executes a command.
   *
   * @return why it was ignored; empty if it was executed
   */
  String execute(ItsCommand command) {
    return command.operation() == null ? "there is no such command" : safely(() -> run(command));
  }

  /** What touches guest memory and says why it did nothing. */
  private interface Step {
    String run();
  }

  private static String safely(Step step) {
    try {
      return step.run();
    } catch (ExternalAbort noMemory) {
      return "a table is where there is no memory";
    }
  }

  private String run(ItsCommand command) {
    return switch (command.operation()) {
      case SYNC -> "";
      case MAPD -> mapDevice(command);
      case MAPC -> mapCollection(command);
      case MAPTI -> mapEvent(command, command.intid());
      case MAPI -> mapEvent(command, command.event());
      case MOVI -> moveEvent(command);
      case MOVALL -> moveAll(command);
      case INT -> atRedistributor(event(command), LpiController::setPending);
      case CLEAR -> atRedistributor(event(command), LpiController::clearPending);
      case INV -> atRedistributor(event(command), LpiController::reload);
      case INVALL -> reloadAll(command);
      case DISCARD -> discard(command);
    };
  }

  private Place event(ItsCommand command) {
    return place(command.device(), command.event());
  }

  private String atRedistributor(Place place, Action action) {
    if (!place.fault.isEmpty()) {
      return place.fault;
    }
    if (!place.isMapped()) {
      return "the event isn't mapped";
    }
    int redistributor = redistributor(place.collection());
    if (redistributor < 0) {
      return "collection " + place.collection() + " isn't mapped";
    }
    tell(lpis -> action.at(lpis, redistributor, place.intid()));
    return "";
  }

  private String mapDevice(ItsCommand command) {
    if (command.device() >= IDS || command.isValid() && command.size() >= ID_BITS) {
      return "DeviceID and EventID have 16 bits";
    }
    long entry = command.isValid() ? EntryTable.VALID | command.table() | command.size() : 0;
    return devices.put(command.device(), entry) ? "" : "the device table has no entry for the device";
  }

  private String mapCollection(ItsCommand command) {
    if (command.isValid() && command.redistributor() >= redistributors) {
      return "there is no redistributor " + command.redistributor();
    }
    long entry = command.isValid() ? EntryTable.VALID | command.redistributor() << 16 : 0;
    return collections.put(command.collection(), entry) ? "" : "the collection table has no entry for the collection";
  }

  private String mapEvent(ItsCommand command, long intid) {
    Place place = event(command);
    if (place.fault.isEmpty() && (intid < FIRST_LPI || intid >= IDS)) {
      return intid + " is no LPI";
    }
    if (place.fault.isEmpty()) {
      store(place, intid, command.collection());
    }
    return place.fault;
  }

  private void store(Place place, long intid, int collection) {
    memory.write(place.address, EntryTable.ENTRY_BYTES, EntryTable.VALID | intid << 16 | collection);
  }

  private String moveEvent(ItsCommand command) {
    int to = redistributor(command.collection());
    if (to < 0) {
      return "collection " + command.collection() + " isn't mapped";
    }
    Place place = event(command);
    String fault = atRedistributor(place, (lpis, from, intid) -> lpis.move(from, to, intid));
    if (fault.isEmpty()) {
      store(place, place.intid(), command.collection());
    }
    return fault;
  }

  private String moveAll(ItsCommand command) {
    if (command.redistributor() >= redistributors || command.target() >= redistributors) {
      return "there is no such redistributor";
    }
    tell(lpis -> lpis.moveAll((int) command.redistributor(), (int) command.target()));
    return "";
  }

  private String reloadAll(ItsCommand command) {
    int redistributor = redistributor(command.collection());
    if (redistributor < 0) {
      return "collection " + command.collection() + " isn't mapped";
    }
    tell(lpis -> lpis.reloadAll(redistributor));
    return "";
  }

  private String discard(ItsCommand command) {
    Place place = event(command);
    String fault = atRedistributor(place, LpiController::clearPending);
    if (place.fault.isEmpty() && place.isMapped()) {
      memory.write(place.address, EntryTable.ENTRY_BYTES, 0);
      return "";
    }
    return fault;
  }
}
