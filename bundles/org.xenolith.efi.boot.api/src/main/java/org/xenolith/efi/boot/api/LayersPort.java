// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.xenolith.machine.api.DeviceContext;

/** Port at the firmware's node where layers come and go, by their names. */
public final class LayersPort {
  private final Map<String, Claim> claims = new TreeMap<>();
  private Consumer<EfiLayer> listener = layer -> {};

  /**
   * A layer that is there.
   *
   * @param layer the layer
   * @param owner whose it is: told if the layer throws, which costs it its place
   */
  public record Claim(EfiLayer layer, DeviceContext owner) {}

  /** Puts a layer in, in the place of an earlier one of its name. */
  public void attach(EfiLayer layer, DeviceContext owner) {
    claims.put(layer.name(), new Claim(layer, owner));
    listener.accept(layer);
  }

  /** Takes a layer out if it is still in. */
  public void detach(EfiLayer layer) {
    Claim claim = claims.get(layer.name());
    if (claim != null && claim.layer == layer) {
      claims.remove(layer.name());
    }
  }

  /** The layer of a name; null if it isn't there. */
  public Claim layer(String name) {
    return claims.get(name);
  }

  /** All of them, by name. */
  public List<Claim> layers() {
    return List.copyOf(claims.values());
  }

  /** Tells of each layer that is put in from now on: for the core, of which there is one. */
  public void listen(Consumer<EfiLayer> newListener) {
    listener = newListener;
  }
}
