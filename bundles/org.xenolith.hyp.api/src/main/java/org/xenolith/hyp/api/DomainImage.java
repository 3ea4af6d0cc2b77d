// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.Map;

/**
 * What a domain starts.
 *
 * @param kernel      the kernel file, an arm64 Image, plain
 * @param ramdisk     the first root file system; empty for none
 * @param commandLine kernel command line
 * @param memory      bytes of RAM
 * @param options     what a builder understands beyond, for example {@code vuart} = {@code sbsa_uart}
 */
public record DomainImage(byte[] kernel, byte[] ramdisk, String commandLine, long memory, Map<String, String> options) {}
