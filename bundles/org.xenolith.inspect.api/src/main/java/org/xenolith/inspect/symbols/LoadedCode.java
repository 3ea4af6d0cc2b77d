// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.symbols;

/**
 * Code that a guest has loaded beside its kernel: a kernel's module, or an image that firmware has started.
 *
 * @param name    by which the guest knows it, or the file that it was made of
 * @param base    address of its first byte, where it runs; 0 if that isn't known
 * @param size    bytes from there on; 0 if that isn't known
 * @param symbols what is known of it; none if it has no names but its own
 */
public record LoadedCode(String name, long base, long size, SymbolTable symbols) {}
