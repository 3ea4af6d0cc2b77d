// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.ninepback;

import java.util.Map;
import java.util.TreeMap;
import org.xenolith.ninep.kit.Message;
import org.xenolith.ninep.kit.PendingRequests;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.share.api.SharePort;

/**
 * A device, with what was asked and isn't answered. It stays until its domain goes, connected or not: an answer to what was asked before the front end came anew must find
 * nobody. Of a message it reads its size and tag alone.
 */
final class NinepDevice implements SharePort.Device {
  /** EMSGSIZE of Linux. */
  private static final int TOO_LONG = 90;

  private final String key;
  private final NinepBackend backend;
  private final DeviceState state = new DeviceState();
  final LongCell domid = state.cell("domid", 0);
  private final PendingRequests requests = new PendingRequests(state);
  /** By number, as a text of one digit; none while it isn't connected. */
  private final Map<String, NinepRing> rings = new TreeMap<>();
  private SharePort folder;

  /** @param key of {@code Backend}: begins with the domain's serial number */
  NinepDevice(String key, NinepBackend backend) {
    this.key = key;
    this.backend = backend;
    state.children("rings", rings::clear, () -> {
      Map<String, DeviceState> children = new TreeMap<>();
      rings.forEach((number, ring) -> children.put(number, ring.state()));
      return children;
    }, number -> {
      NinepRing ring = new NinepRing();
      rings.put(number, ring);
      return ring.state();
    });
  }

  DeviceState state() {
    return state;
  }

  String key() {
    return key;
  }

  int serial() {
    return Integer.parseInt(key.substring(0, key.indexOf('/')));
  }

  Map<String, NinepRing> rings() {
    return rings;
  }

  boolean connected() {
    return !rings.isEmpty();
  }

  /** Its front end has gone, or comes anew: nobody waits for anything. */
  void parted() {
    rings.clear();
    requests.clear();
    leave();
  }

  /** Meets its folder. */
  void join(SharePort newFolder) {
    folder = newFolder;
    folder.attach(this);
  }

  void leave() {
    if (folder != null) {
      folder.detach(this);
    }
  }

  /** Asks all that waits, as far as there is room to remember it. @return what is wrong with a ring; null if nothing is */
  String serve() {
    for (Map.Entry<String, NinepRing> each : rings.entrySet()) {
      NinepRing ring = each.getValue();
      while (requests.hasRoom()) {
        if (!ring.sane()) {
          return "its indices claim more bytes than a ring has";
        }
        if (ring.waiting() < Message.HEADER) {
          break;
        }
        long size = ring.size();
        if (size < Message.HEADER || size > Math.min(Message.MOST, ring.capacity())) {
          return "a request says that it has " + size + " bytes";
        }
        if (ring.waiting() < size) {
          break; // the rest is on its way
        }
        byte[] request = ring.take((int) size);
        folder.request(requests.add(Integer.parseInt(each.getKey()), Message.tag(request, 0)), request);
      }
    }
    return null;
  }

  @Override
  public boolean answered(long id, byte[] bytes, int offset, int length) {
    int at = id == 0 ? -1 : requests.find(id);
    if (at < 0) {
      return true;
    }
    NinepRing ring = rings.get(Integer.toString(requests.head(at)));
    int name = requests.tag(at);
    byte[] answer = PendingRequests.named(name, bytes, offset, length);
    if (answer.length > ring.capacity()) {
      backend.report(this, "ninep-no-room", "an answer has " + answer.length + " bytes, and its ring " + ring.capacity());
      answer = Message.error(name, TOO_LONG);
    }
    if (ring.sane() && !ring.room(answer.length)) {
      return false; // the front end has not taken what is there
    }
    requests.drop(at);
    if (ring.sane()) {
      ring.put(answer);
      backend.tell(ring);
    }
    // What found no room in the table of requests waits no longer. Who waits for room in a ring is told by the event of an answer.
    backend.serve(this);
    return true;
  }

  @Override
  public long[] pending() {
    return requests.pending();
  }
}
