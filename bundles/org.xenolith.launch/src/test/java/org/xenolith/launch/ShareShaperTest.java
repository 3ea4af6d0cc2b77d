// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.share.api.ShareNodes;

class ShareShaperTest {
  private static FdtNode node(String name, String compatible) {
    return new FdtNode(name, List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible", compatible));
  }

  private static final Fdt BOARD = Fdt.of(new FdtNode("", List.of(), List.of(node("virtio_mmio@a000200", "virtio,mmio"), node(
      "virtio_mmio@a000000", "virtio,mmio"), node("virtio@1", "xenolith,pci-virtio").withProperty(FdtProperty.ofStrings(
          PlatformNode.PLUGGED, "1.0")))));

  private static LaunchRequest request(String... shares) {
    return RequestBuilder.of("virt").option("share", List.of(shares)).build();
  }

  private static String text(Fdt tree, String path, String property) {
    return tree.node(path).orElseThrow().property(property).map(FdtProperty::string).orElse("");
  }

  private static void refused(String part, String... shares) {
    BadInput refused = assertThrows(BadInput.class, () -> new ShareShaper().use(List.of(shares), RequestBuilder.of("virt").build()
        .toBuilder()));
    assertTrue(refused.getMessage().contains(part), refused.getMessage());
  }

  @Test
  void eachFolderIsBehindATransportWithItsTag() {
    Fdt tree = new ShareShaper().shape(BOARD, request("a", "/b c,readonly,tag=sources", "d,pci=1.0"));
    assertEquals("virtio:9", text(tree, "/virtio_mmio@a000000", PlatformNode.FUNCTION));
    assertEquals("share", text(tree, "/virtio_mmio@a000000", ShareNodes.TAG));
    assertEquals("sources", text(tree, "/virtio_mmio@a000200", ShareNodes.TAG));
    assertEquals("share3", text(tree, "/virtio@1", ShareNodes.TAG));
    assertEquals("virtio:9", text(tree, "/virtio@1", PlatformNode.FUNCTION));
    assertThrows(BadInput.class, () -> new ShareShaper().shape(BOARD, request("a", "b", "c")), "no transport is left");
  }

  @Test
  void theLineForTheGuestIsWhatItMounts() {
    List<ShareText> shares = ShareText.of(List.of("a,tag=x", "b,readonly"));
    assertEquals("mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 x /mnt", shares.get(0).mount());
    assertEquals("mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144,ro share2 /mnt", shares.get(1).mount());
  }

  @Test
  void whatIsntUnderstoodIsRefused() {
    refused("'write' is unknown", "a,write");
    refused("names no folder", ",readonly");
    refused("names no folder", "");
    refused("is no tag", "a,tag=");
    refused("is no tag", "a,tag=x/y");
    refused("is no tag", "a,tag=" + "x".repeat(32));
    refused("another folder has the tag 'share'", "a", "b,tag=share");
  }

  @Test
  void aGuestLoadsTheModulesOnlyIfThereIsAFolder() {
    assertTrue(new ShareShaper().modules(request("a")).containsAll(List.of("9p", "9pnet_virtio")));
    assertEquals(List.of(), new ShareShaper().modules(RequestBuilder.of("virt").build()));
  }
}
