// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.command.api.BadInput;

class DiskSetTest {
  private final List<String> calls = new ArrayList<>();

  /** A factory whose images only note that they were opened and closed. */
  private Installed installed() {
    BlockDeviceFactory factory = (BlockDeviceFactory) Proxy.newProxyInstance(getClass().getClassLoader(),
        new Class<?>[] {BlockDeviceFactory.class}, (self, method, arguments) -> {
          if (!method.getName().equals("open")) {
            return method.getReturnType() == boolean.class ? false : "raw";
          }
          calls.add("open " + arguments[0]);
          return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BlockDevice.class},
              (image, call, none) -> calls.add(call.getName() + ' ' + arguments[0]));
        });
    return new Installed(null, null, List.of(), List.of(), List.of(), List.of(factory), List.of(), List.of(), new LaunchOptions(List.of()));
  }

  @Test
  void imagesAreGivenBackWithTheSet() {
    new DiskSet(installed(), List.of("a.img", "b.img,readonly"), Map.of(), ProgressListener.SILENT).close();
    assertEquals(List.of("open a.img", "open b.img", "close a.img", "close b.img"), calls);
  }

  /** A disk at home at a node takes no transport, isn't listed among those that were asked for, and is given back with them. */
  @Test
  void disksThatAreAtHomeAreOpenedTooAndNotListed() {
    DiskSet disks = new DiskSet(installed(), List.of(), Map.of("/firmware", "v.img,write"), ProgressListener.SILENT);
    assertEquals(List.of(), disks.places());
    disks.close();
    assertEquals(List.of("open v.img", "close v.img"), calls);
    assertThrows(BadInput.class, () -> new DiskSet(installed(), List.of("a.img"), Map.of("/firmware", "v.img,sideways"),
        ProgressListener.SILENT));
    assertEquals("close a.img", calls.getLast());
  }

  @Test
  void nothingIsOpenedIfATextIsWrong() {
    assertThrows(BadInput.class, () -> new DiskSet(installed(), List.of("a.img", "b.img,sideways"), Map.of(), ProgressListener.SILENT));
    assertEquals(List.of(), calls);
  }
}
