// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

/**
 * The link of a function with a PCI Express capability (PCI Express Base 4.0, 7.5.3.6 and 7.5.3.8).
 *
 * @param speed        generation that it runs with, 1 for 2.5 GT/s; 0 if it says none
 * @param width        lanes that it runs with
 * @param greatestSpeed generation that it can
 * @param greatestWidth lanes that it has
 */
public record PciLink(int speed, int width, int greatestSpeed, int greatestWidth) {}
