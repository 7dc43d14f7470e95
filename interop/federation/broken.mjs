export async function broken() {}
