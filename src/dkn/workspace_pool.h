#ifndef DKN_SRC_DKN_WORKSPACE_POOL_H_
#define DKN_SRC_DKN_WORKSPACE_POOL_H_

#include <algorithm>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace dkn {

// Workspaces that wait for the next image of their size: threads take one each, use it without a
// lock, and give it back. At most `limit` wait; the one that has waited longest goes first. Each is
// as large as one that works: who bounds memory clears the pool before work of another size.
template <typename Key, typename Workspace>
class WorkspacePool {
 public:
  explicit WorkspacePool(std::size_t limit) : limit_(limit) {}

  // A waiting workspace of this key, or what make() returns.
  template <typename Make>
  std::unique_ptr<Workspace> Take(const Key& key, const Make& make) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto found = std::find_if(waiting_.rbegin(), waiting_.rend(),
                                      [&](const auto& item) { return item.first == key; });
      if (found != waiting_.rend()) {
        std::unique_ptr<Workspace> workspace = std::move(found->second);
        waiting_.erase(std::next(found).base());
        return workspace;
      }
    }
    return make();
  }

  // Frees what waits.
  void Clear() {
    std::vector<std::pair<Key, std::unique_ptr<Workspace>>> waiting;  // freed after the lock
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_.swap(waiting);
  }

  void GiveBack(const Key& key, std::unique_ptr<Workspace> workspace) {
    std::unique_ptr<Workspace> oldest;  // freed after the lock
    const std::lock_guard<std::mutex> lock(mutex_);
    waiting_.emplace_back(key, std::move(workspace));
    if (waiting_.size() > limit_) {
      oldest = std::move(waiting_.front().second);
      waiting_.erase(waiting_.begin());
    }
  }

 private:
  std::mutex mutex_;
  std::size_t limit_;
  std::vector<std::pair<Key, std::unique_ptr<Workspace>>> waiting_;
};

}  // namespace dkn

#endif  // DKN_SRC_DKN_WORKSPACE_POOL_H_
