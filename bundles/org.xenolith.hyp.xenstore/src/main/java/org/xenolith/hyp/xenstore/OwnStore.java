// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.Store;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.api.StoreWatch;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.StoreMessage;

/** The store as the hypervisor's own parts have it: a connection of their own without a ring, whose answers come at once. */
final class OwnStore implements Store {
  private final StoreSubsystem subsystem;
  private final StorePort port;
  /** As the store's engine knows the watches. */
  private final Map<StoreWatch, String> tokens = new IdentityHashMap<>();

  OwnStore(StoreSubsystem subsystem, StorePort port) {
    this.subsystem = subsystem;
    this.port = port;
  }

  @Override
  public int introduce(Domain domain, long gfn, int remotePort) {
    return subsystem.introduce(domain, gfn, remotePort);
  }

  /** Tells watches what was meant for them. */
  void tell() {
    for (OwnConnection.Event event : subsystem.own().fetch()) {
      for (StorePort.Watching watching : port.watches()) {
        if (is(event.token(), watching)) {
          port.fire(watching, event.path());
        }
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private byte[] ask(int type, String payload) {
    byte[] answer = subsystem.own().request(type, bytes(payload));
    settle();
    return answer;
  }

  /** Sees to it that what now waits on connections is carried there. */
  private void settle() {
    boolean due = subsystem.own().eventful();
    for (Connection connection : subsystem.store().connections().values()) {
      due |= connection.waiting() > 0;
    }
    if (due) {
      subsystem.tellSoon();
    }
  }

  /** Reading changes nothing, so that it makes no message: what is read doesn't depend on it. */
  private Node look(String path) {
    Node node = subsystem.own().node(path);
    settle();
    return node;
  }

  @Override
  public String read(String path) {
    Node node = look(path);
    return node == null || node.value().length > StoreMessage.XENSTORE_PAYLOAD_MAX ? null
        : new String(node.value(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public String shown(String path) {
    return subsystem.store().tree().shown(path);
  }

  @Override
  public boolean write(String path, String value) {
    boolean done = subsystem.own().write(path, bytes(value));
    settle();
    return done;
  }

  @Override
  public void remove(String path) {
    ask(StoreMessage.XS_RM, path + "\0");
  }

  @Override
  public List<String> list(String path) {
    Node node = look(path);
    return node == null || Payload.size(node.children()) > StoreMessage.XENSTORE_PAYLOAD_MAX ? List.of() : node.children();
  }

  @Override
  public void permit(String path, String permissions) {
    ask(StoreMessage.XS_SET_PERMS, path + "\0" + permissions.replace(' ', '\0') + "\0");
  }

  private static String token(String path, DeviceContext owner) {
    return owner.instance() + "|" + path;
  }

  /** Whether a token is a watch's, without making that anew. */
  private static boolean is(String token, StorePort.Watching watching) {
    String instance = watching.owner().instance();
    String path = watching.path();
    return token.length() == instance.length() + 1 + path.length() && token.startsWith(instance)
        && token.charAt(instance.length()) == '|' && token.endsWith(path);
  }

  @Override
  public void watch(String path, StoreWatch watch, DeviceContext owner) {
    String token = token(path, owner);
    tokens.values().removeIf(token::equals);
    tokens.put(watch, token);
    // One that came back with a record was told its first event before that was taken.
    if (subsystem.store().connection(ServiceEventsPort.DOMID).watches().stream().noneMatch(w -> w.token().equals(token))) {
      ask(StoreMessage.XS_WATCH, path + "\0" + token + "\0");
    }
  }

  /** Watches are all those that the port has. */
  void watchAll() {
    tokens.clear();
    port.watches().forEach(watching -> watch(watching.path(), watching.watch(), watching.owner()));
  }

  @Override
  public void unwatch(StoreWatch watch) {
    String token = tokens.remove(watch);
    subsystem.store().connection(ServiceEventsPort.DOMID).watches().removeIf(w -> w.token().equals(token));
  }

  @Override
  public int owned(Domain domain) {
    return subsystem.store().tree().owned(domain.id());
  }
}
