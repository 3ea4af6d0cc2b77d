// SPDX-License-Identifier: EPL-2.0
/** PV devices of a domain, by its store. */
package org.xenolith.efi.xenbus;
