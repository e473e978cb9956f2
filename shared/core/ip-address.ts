/** An IP address as text: what mParticle's `ip` takes, and nothing a resolver would have to interpret. */

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ipv4 = `${octet}(?:\\.${octet}){3}`;

const group = "[0-9A-Fa-f]{1,4}";
const lastTwo = `(?:${group}:${group}|${ipv4})`;

/** The nine forms of an IPv6 address, by how many groups stand before `::`. RFC 3986, section 3.2.2. */
const ipv6 = [
  `(?:${group}:){6}${lastTwo}`,
  `::(?:${group}:){5}${lastTwo}`,
  `(?:${group})?::(?:${group}:){4}${lastTwo}`,
  `(?:(?:${group}:){0,1}${group})?::(?:${group}:){3}${lastTwo}`,
  `(?:(?:${group}:){0,2}${group})?::(?:${group}:){2}${lastTwo}`,
  `(?:(?:${group}:){0,3}${group})?::${group}:${lastTwo}`,
  `(?:(?:${group}:){0,4}${group})?::${lastTwo}`,
  `(?:(?:${group}:){0,5}${group})?::${group}`,
  `(?:(?:${group}:){0,6}${group})?::`,
].join("|");

/** Matches a whole IPv4 (dotted decimal) or IPv6 address, without port, brackets or zone. */
export const IP_ADDRESS = new RegExp(`^(?:${ipv4}|${ipv6})$`);
